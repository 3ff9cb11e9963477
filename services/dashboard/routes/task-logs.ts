import type { z } from "zod";
import { type LogElsewhereReply, LogParams, LogQuery } from "#contract/log.ts";
import { MAIN_CONTAINER } from "#core/pod/task-pod.ts";
import type { TaskRun } from "#core/run.ts";
import type { LogRef } from "#logstore/log-store.ts";
import { ApiError } from "../http/api-error.ts";
import { inputError } from "../http/check.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import { ALL, chooseLog, isLogOver } from "../logs/choose-log.ts";
import { followedLog, linesOf } from "../logs/followed-log.ts";
import { logElsewhere } from "../logs/log-elsewhere.ts";
import { logEvents } from "../logs/log-events.ts";
import { asNdjson, asText, CONTENT_TYPES, formatFor, type LogFormatOptions } from "../logs/log-format.ts";
import { type LogPage, pagesOf } from "../logs/log-row.ts";
import { readLog } from "../logs/read-log.ts";
import { isSelective, type LogSelection, selector, selectRows } from "../logs/select-rows.ts";
import type { Ports } from "../ports.ts";
import { findTask } from "./find-task.ts";

type Query = z.output<typeof LogQuery>;
type Format = keyof typeof CONTENT_TYPES;

export const taskLogs = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId/tasks/:taskId/logs",
  role: "viewer",
  summary: "What a container of a try printed: as text, NDJSON, or server-sent events that resume exactly.",
  params: LogParams,
  query: LogQuery,
  body: NO_BODY,
  reply: "stream",
  statuses: [200, 303],
  produces: Object.values(CONTENT_TYPES),
  async handle({ params: { runId, taskId }, query, header, signal }, ports) {
    const format = formatFor(query, header("accept"));
    const follow = query.follow || format === "events";
    const task = await findTask(runId, taskId, ports);
    const ref = await chooseLog({ runId, taskId }, { ...query, follow }, task, ports);
    if (ports.logLink !== undefined) return redirect(ports.logLink, ref, task, ports);

    const how = { format, selection: selectionOf(query, ports.now()), query };
    const stream = follow
      ? await follower(ref, { ...how, lastId: lastEventId(header("last-event-id")), signal }, ports)
      : await reader(ref, how, ports);
    if (stream === undefined) throw noLog(ref, task);
    return { contentType: CONTENT_TYPES[format], ...(query.download ? { headers: asFile(ref, format) } : {}), stream };
  },
});

interface Asked {
  format: Format;
  selection: LogSelection;
  query: Query;
}

/** What is there; undefined: nothing. */
async function reader(
  ref: Required<LogRef>,
  { format, selection, query: { tail, timestamps } }: Asked,
  { logs }: Ports,
): Promise<AsyncIterable<Buffer | string> | undefined> {
  const isAsStored = format === "text" && timestamps && !isSelective(selection) && ref.container !== ALL;
  if (isAsStored) return (await logs.read(ref, tail === undefined ? {} : { tailLines: tail }))?.chunks;
  const pages = await readLog(logs, ref, { ...selection, tail });
  return pages && written(pages, format, { timestamps, numbers: selection.search !== undefined });
}

/** What comes, from Last-Event-ID, the tail, or the beginning on. */
async function follower(
  ref: Required<LogRef>,
  { format, selection, query: { tail, timestamps }, lastId, signal }: Asked & { lastId: number | undefined; signal: AbortSignal },
  ports: Ports,
): Promise<AsyncIterable<string>> {
  if (ref.container === ALL)
    throw inputError([{ in: "query", pointer: "#/follow", detail: "follow one container: several have no order yet" }]);
  const isAtTail = lastId === undefined && tail !== undefined;
  const reading = isAtTail ? await ports.logs.read(ref, { tailLines: tail }) : undefined;
  const options = {
    follow: (fromByte: number, until: AbortSignal) => ports.logs.follow(ref, fromByte, until),
    fromByte: lastId ?? reading?.fromByte ?? 0,
    signal,
    isOver: () => isLogOver(ref, ports),
  };
  if (format === "events") return logEvents({ ...options, timestamps, isAsked: selector(selection) });
  const pages = selectRows(pagesOf(linesOf(followedLog(options)), { isWhole: false }), selection);
  return written(pages, format, { timestamps, numbers: false });
}

const written = (pages: AsyncIterable<LogPage>, format: Format, options: LogFormatOptions): AsyncIterable<string> =>
  format === "ndjson" ? asNdjson(pages, options) : asText(pages, options);

function selectionOf({ since, q }: Query, now: number): LogSelection {
  const sinceAt = since === undefined ? undefined : "at" in since ? since.at : now - since.agoMs;
  return { sinceAt, search: q };
}

async function redirect(template: string, ref: Required<LogRef>, task: TaskRun, ports: Ports) {
  const log = await logElsewhere(template, ref, task, ports);
  if (log === undefined) throw noLog(ref, task);
  const body: z.output<typeof LogElsewhereReply> = { log };
  return { status: 303, headers: { Location: log }, body };
}

/** Names of DAGs, tasks and containers are safe in a file's name; a run's own part may be the caller's. */
function asFile({ runId, taskId, try: tryNumber, infra, container }: Required<LogRef>, format: Format): Record<string, string> {
  const parts = [runId, taskId, tryNumber, ...(infra === 0 ? [] : [infra]), container === ALL ? "all" : container];
  const name = parts.join(".").replace(/[^\w.~-]/g, "_");
  return { "Content-Disposition": `attachment; filename="${name}.${format === "ndjson" ? "ndjson" : "log"}"` };
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
    `container '${ref.container === ALL ? MAIN_CONTAINER : ref.container}' of try ${ref.try} of task '${ref.taskId}' has printed nothing (the task is ${task.state})`,
  );
