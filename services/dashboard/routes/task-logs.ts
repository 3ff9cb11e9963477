import { z } from "zod";
import { type LogElsewhereReply, LogParams, LogQuery } from "#contract/log.ts";
import { MAIN_CONTAINER } from "#core/pod/task-pod.ts";
import { type TaskRun, taskOf } from "#core/run.ts";
import type { LogRef } from "#logstore/log-store.ts";
import { ApiError } from "../http/api-error.ts";
import { inputError } from "../http/check.ts";
import { isRedisAway } from "../http/redis-away.ts";
import { defineRoute, type JsonReply, NO_BODY, type StreamReply } from "../http/route.ts";
import { logEvents } from "../log-events.ts";
import { logLink } from "../log-link.ts";
import { mergeLogs, tailOf } from "../merged-log.ts";
import type { Ports } from "../ports.ts";
import { stripStamps, withoutStamps } from "../without-stamps.ts";
import { findTask } from "./find-task.ts";

type LogElsewhere = z.infer<typeof LogElsewhereReply>;
type Query = z.output<typeof LogQuery>;

const ALL = "*";
const PLAIN = "text/plain; charset=utf-8";

export const taskLogs = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId/tasks/:taskId/logs",
  summary: "What a container of a try printed; with follow as server-sent events that resume exactly.",
  params: LogParams,
  query: LogQuery,
  body: NO_BODY,
  reply: "stream",
  async handle({ params: { runId, taskId }, query, header, signal }, ports) {
    const task = await findTask(runId, taskId, ports);
    const ref = await chooseLog({ runId, taskId }, query, task, ports);
    if (ports.logLink !== undefined) return { status: 303, ...(await elsewhere(ports.logLink, ref, task, ports)) };
    if (ref.container === ALL) return mergedLog(ref, query, task, ports);
    const reading = await ports.logs.read(ref, query.tail === undefined ? {} : { tailLines: query.tail });

    if (query.follow) {
      const from = lastEventId(header("last-event-id")) ?? reading?.fromByte ?? 0;
      const stream = logEvents({
        follow: (fromByte, until) => ports.logs.follow(ref, fromByte, until),
        fromByte: from,
        timestamps: query.timestamps,
        signal,
        isOver: () => isOver(ref, ports),
      });
      return { contentType: "text/event-stream", stream };
    }
    if (reading === undefined) throw noLog(ref, task);
    const stream = query.timestamps ? reading.chunks : withoutStamps(reading.chunks);
    return { contentType: PLAIN, stream };
  },
});

/** Every container of a try. */
async function mergedLog(
  ref: Required<LogRef>,
  { follow, tail, timestamps }: Query,
  task: TaskRun,
  { logs }: Ports,
): Promise<StreamReply> {
  if (follow) throw inputError([{ in: "query", pointer: "#/follow", detail: "follow one container: several have no order yet" }]);
  const kept = (await logs.list(ref.runId, ref.taskId)).filter(log => log.try === ref.try && log.infra === ref.infra);
  const readings = await Promise.all(
    kept.map(async ({ container }) => {
      const reading = await logs.read({ ...ref, container }, tail === undefined ? {} : { tailLines: tail });
      return reading === undefined ? [] : [{ container, chunks: reading.chunks }];
    }),
  );
  const named = readings.flat();
  if (named.length === 0) throw noLog({ ...ref, container: MAIN_CONTAINER }, task);
  const lines = tail === undefined ? mergeLogs(named) : tailOf(named, tail);
  return { contentType: PLAIN, stream: timestamps ? lines : stampless(lines) };
}

async function* stampless(lines: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  for await (const line of lines) yield stripStamps(line);
}

interface Choice {
  try?: number | undefined;
  infra?: number | undefined;
  container: string;
  follow: boolean;
}

/** The last try unless one is named. Of its restarts: the one under way when it is to be followed, else the last that printed. */
export async function chooseLog(
  of: { runId: string; taskId: string },
  query: Choice,
  task: TaskRun,
  { logs }: Pick<Ports, "logs">,
): Promise<Required<LogRef>> {
  const tryNumber = query.try ?? Math.max(task.try, 1);
  const ref = { ...of, try: tryNumber, container: query.container };
  if (query.infra !== undefined) return { ...ref, infra: query.infra };
  if (query.follow && tryNumber === task.try) return { ...ref, infra: task.infra };
  const isAsked = (container: string) => query.container === ALL || container === query.container;
  const kept = (await logs.list(of.runId, of.taskId)).filter(log => log.try === tryNumber && isAsked(log.container));
  return { ...ref, infra: kept.at(-1)?.infra ?? 0 };
}

/** Where the cluster's own logging has the log. */
async function elsewhere(
  template: string,
  ref: Required<LogRef>,
  task: TaskRun,
  { runs, now }: Ports,
): Promise<JsonReply<LogElsewhere>> {
  const ended = (await runs.listTries(ref.runId)).find(
    ({ taskId, try: tryNumber, infra }) => taskId === ref.taskId && tryNumber === ref.try && infra === ref.infra,
  );
  const note = (await runs.notes(ref.runId)).get(ref.taskId);
  const pod = ended?.pod ?? task.pod ?? NotedPod.safeParse(note).data?.pod;
  if (pod === undefined) throw noLog(ref, task);
  const startAt = ended?.startedAt ?? task.startedAt ?? now();
  const container = ref.container === ALL ? MAIN_CONTAINER : ref.container;
  const log = logLink(template, { pod, container, startAt, endAt: ended?.endedAt ?? now() });
  return { headers: { Location: log }, body: { log } };
}

/** What a worker says of a try under way. */
const NotedPod = z.object({ pod: z.object({ namespace: z.string(), name: z.string() }) });

/** Nothing will be appended any more, although no writer has closed the log: its worker died and nobody took over. */
async function isOver(ref: Required<LogRef>, { runs }: Ports): Promise<boolean> {
  try {
    const run = await runs.getRun(ref.runId);
    if (run === undefined) return true;
    const task = taskOf(run, ref.taskId);
    return task.endedAt !== undefined || task.try > ref.try || (task.try === ref.try && task.infra > ref.infra);
  } catch (error) {
    if (isRedisAway(error)) return false;
    throw error;
  }
}

function lastEventId(header: string | undefined): number | undefined {
  if (header === undefined || header === "") return undefined;
  if (/^\d{1,15}$/.test(header)) return Number(header);
  throw inputError([
    { in: "header", pointer: "#/last-event-id", detail: "must be the id of an event of this stream: a byte offset" },
  ]);
}

export const noLog = (ref: Required<LogRef>, task: TaskRun): ApiError =>
  new ApiError(
    "WL_LOG_UNKNOWN",
    `container '${ref.container}' of try ${ref.try} of task '${ref.taskId}' has printed nothing (the task is ${task.state})`,
  );
