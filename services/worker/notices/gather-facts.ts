import type { DagSpec } from "#core/dag-spec.ts";
import { dueAtOf } from "#core/deadlines.ts";
import { specIdOf } from "#core/instance-id.ts";
import type { Outcome } from "#core/outcome.ts";
import type { Run } from "#core/run.ts";
import type { NoticeFacts } from "#notify/compose.ts";
import type { NoticeOrder } from "#queue/notice-order.ts";
import type { DagStore } from "#state/dag-store.ts";
import type { RunSummary } from "#state/run-record.ts";
import type { RunStore } from "#state/run-store.ts";

export interface FactSources {
  runs: Pick<RunStore, "getSummary" | "getTask" | "getRun" | "listTries">;
  dags: Pick<DagStore, "getSpec">;
  /** Where people reach the dashboard, without a slash at its end; undefined: nobody has said. */
  baseUrl: string | undefined;
}

/** What there is to say about the thing that a notice is about; undefined when its run is gone. */
export async function gatherFacts(order: NoticeOrder, sources: FactSources): Promise<NoticeFacts | undefined> {
  const run = await sources.runs.getSummary(order.runId);
  if (run === undefined) return undefined;
  const spec = await sources.dags.getSpec(run.version);
  const about =
    order.taskId === undefined ? await aboutRun(order, run, spec, sources) : await aboutTask(order, order.taskId, spec, sources);
  const { logicalAt } = run;
  return {
    id: order.id,
    moment: order.moment,
    dagId: run.dagId,
    runId: run.id,
    createdAt: run.createdAt,
    ...(logicalAt === undefined ? {} : { logicalAt }),
    ...about,
    links: linksOf(order, sources.baseUrl),
  };
}

type About = Omit<NoticeFacts, "id" | "moment" | "dagId" | "runId" | "createdAt" | "links">;

async function aboutTask(order: NoticeOrder, taskId: string, spec: DagSpec | undefined, { runs }: FactSources): Promise<About> {
  const task = await runs.getTask(order.runId, taskId);
  const retries = spec?.tasks.find(({ id }) => id === specIdOf(taskId))?.retry.retries ?? 0;
  const head = { taskId, try: order.try ?? 0, maxTries: retries + 1 };
  // The task may have gone on meanwhile; its ended tries stay.
  const ended = task?.outcome !== undefined && task.try === order.try ? task : await endedTry(order, taskId, runs);
  if (ended === undefined) return { ...head, state: task?.state ?? "none" };
  const { state, outcome, startedAt, endedAt } = ended;
  const retryAt = "retryAt" in ended ? ended.retryAt : undefined;
  return {
    ...head,
    state,
    ...(outcome === undefined ? {} : { outcome }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(retryAt === undefined || state !== "up_for_retry" ? {} : { retryAt }),
  };
}

const endedTry = async (order: NoticeOrder, taskId: string, runs: FactSources["runs"]) =>
  (await runs.listTries(order.runId)).findLast(one => one.taskId === taskId && one.try === order.try);

async function aboutRun(
  order: NoticeOrder,
  summary: RunSummary,
  spec: DagSpec | undefined,
  { runs }: FactSources,
): Promise<About> {
  const { state, startedAt, endedAt } = summary;
  const index = /~deadline-(\d+)~/.exec(order.id)?.[1];
  const deadline = index === undefined ? undefined : spec?.deadlines?.[Number(index)];
  const dueAt = deadline && dueAtOf(deadline, summary);
  const run = order.moment === "onFailure" ? await runs.getRun(order.runId) : undefined;
  return {
    state,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(dueAt === undefined ? {} : { dueAt }),
    ...(run === undefined ? {} : { failedTasks: failedTasksOf(run) }),
  };
}

const failedTasksOf = (run: Run): { taskId: string; outcome?: Outcome }[] =>
  [...run.tasks].flatMap(([taskId, { state, outcome }]) =>
    state === "failed" ? [{ taskId, ...(outcome === undefined ? {} : { outcome }) }] : [],
  );

function linksOf({ runId, taskId, try: tryNumber }: NoticeOrder, baseUrl: string | undefined): NoticeFacts["links"] {
  if (baseUrl === undefined) return {};
  const run = `${baseUrl}/runs/${encodeURIComponent(runId)}`;
  if (taskId === undefined || !tryNumber) return { run };
  const logs = `${baseUrl}/api/v1/runs/${encodeURIComponent(runId)}/tasks/${encodeURIComponent(taskId)}/logs?try=${tryNumber}`;
  return { run, logs };
}
