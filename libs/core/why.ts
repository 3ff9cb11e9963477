import { type Graph, specOf } from "./graph.ts";
import { instanceId, mapIndexOf, specIdOf } from "./instance-id.ts";
import { DEFAULT_QUEUE } from "./queue-name.ts";
import { readiness, TALLIED } from "./readiness.ts";
import { type Reason, reason } from "./reason.ts";
import { isFinal, isLive, isRunFinal, type Run, type TaskRun, type TaskState, taskOf } from "./run.ts";
import type { UpstreamTally } from "./tally.ts";
import type { TaskSpec } from "./task-spec.ts";

/** What has to be known to say why a task of a run is where it is. */
export interface WhyView {
  /** Now. */
  at: number;
  run: Run;
  /** The version that the run executes. */
  graph: Graph;
  /** May be an instance of a mapped task. */
  taskId: string;
  /** false: no scheduler decides anything at the moment. */
  isLed: boolean;
  /** How many runs of the DAG are active. Looked at while the run waits. */
  activeRuns: number;
  /** What the admission says of the task. Looked at while it waits for slots. */
  gate: readonly Reason[];
  /** The workers that live, by queue: how many tries they hold, of how many. */
  queues: ReadonlyMap<string, { held: number; capacity: number }>;
  /** What the task's worker last said. */
  note?: { phase?: string | undefined; code?: string | undefined; message?: string | undefined } | undefined;
  /** Who cleared the task last. */
  clearedBy?: string | undefined;
}

interface Known extends WhyView {
  task: TaskRun;
  spec: TaskSpec;
}

/** The run's place among the DAG's active ones: a reason to wait, or undefined: it may start. The scheduler starts runs by this. */
export const runLimit = (active: number, limit: number): Reason | undefined =>
  active < limit ? undefined : reason("run-limit", { active, limit });

/** Every condition that is not met yet, or what became of the task. Never empty. Undefined: the run has no such task. */
export function why(view: WhyView): Reason[] | undefined {
  const spec = specOf(view.graph, view.taskId);
  if (spec === undefined) return undefined;
  const known: Known = { ...view, spec, task: taskOf(view.run, view.taskId) };
  const leader = view.isLed || !LED.has(known.task.state) ? [] : [reason("leaderless", {})];
  return [...leader, ...ofRun(known), ...clearing(known)];
}

/** States that only the leader moves. */
const LED: ReadonlySet<TaskState> = new Set(["none", "scheduled", "mapped"]);

function ofRun(known: Known): Reason[] {
  const { run, task, graph, activeRuns } = known;
  if (task.state !== "none") return WHY[task.state](known);
  if (run.state === "queued") return [runLimit(activeRuns, graph.spec.maxActiveRuns) ?? reason("run-starting", {})];
  if (isRunFinal(run.state)) return [reason("run-ended", { state: run.state })];
  if (run.cancelAt !== undefined) return [reason("run-cancelled", { at: run.cancelAt })];
  return WHY.none(known);
}

function clearing({ task, clearedBy }: Known): Reason[] {
  return clearedBy !== undefined && !isFinal(task.state) && task.state !== "running"
    ? [reason("cleared", { by: clearedBy })]
    : [];
}

const WHY: Readonly<Record<TaskState, (known: Known) => Reason[]>> = {
  none: known => (mapIndexOf(known.taskId) === undefined ? unmet(known) : ofInstance(known)),
  scheduled: ({ gate }) => (gate.length > 0 ? [...gate] : [reason("admitted", {})]),
  mapped: ({ run, taskId, task }) => {
    const total = task.count ?? 0;
    return [reason("mapped", { ended: instances(run, taskId, total).filter(({ state }) => isFinal(state)).length, total })];
  },
  queued: ({ spec, queues }) => {
    const { queue = DEFAULT_QUEUE } = spec;
    const load = queues.get(queue);
    if (load === undefined) return [reason("queue-unattended", { queue })];
    return [load.held >= load.capacity ? reason("queue-busy", { queue, ...load }) : reason("queued", { queue })];
  },
  running: ({ task, note }) => {
    const running = reason("running", { worker: task.worker ?? "", phase: note?.phase ?? "running" });
    return [running, ...(note?.code === undefined ? [] : [clusterReason(note)])];
  },
  restarting: ({ at, task, note }) =>
    note?.phase === "waiting" && note.code !== undefined
      ? [clusterReason(note)]
      : [reason("restart", { inMs: leftMs(at, task), message: messageOf(task) })],
  up_for_retry: ({ at, task }) => [reason("retry", { inMs: leftMs(at, task), after: task.try, message: messageOf(task) })],
  deferred: ({ at, task, spec, note }) =>
    spec.operator === "approval"
      ? [reason("approval", { question: spec.question })]
      : [reason("deferred", { what: note?.message ?? "what it waits for", inMs: leftMs(at, task) })],
  success: over,
  failed: over,
  skipped: over,
  cancelled: over,
  upstream_failed: known => {
    const bad = upstreams(known).filter(({ state }) => TALLIED[state] === "failed" || TALLIED[state] === "upstreamFailed");
    return bad.length > 0 ? bad.map(up => reason("upstream", up)) : over(known);
  },
};

const leftMs = (at: number, { retryAt }: TaskRun): number => Math.max(0, (retryAt ?? at) - at);
const messageOf = ({ outcome }: TaskRun): string => outcome?.message ?? "";
const clusterReason = ({ code = "", message = "" }: NonNullable<WhyView["note"]>): Reason => reason("cluster", { code, message });

/** What the task ended with. */
function over({ task }: Known): Reason[] {
  const { state, reason: moved } = task;
  if (moved?.code === "marked") return [reason("marked", { state, by: moved.by ?? "" })];
  if (moved !== undefined) return [reason("moved", { state, code: moved.code, detail: moved.detail ?? "" })];
  return [reason("ended", { state, message: messageOf(task) })];
}

const upstreams = ({ run, spec }: Known): { task: string; state: TaskState }[] =>
  spec.upstream.map(task => ({ task, state: taskOf(run, task).state }));

/** Upstreams that have not ended, by the same rule that the scheduler goes by. */
function unmet(known: Known): Reason[] {
  const all = upstreams(known);
  const tally: Record<keyof UpstreamTally, number> = { total: all.length, success: 0, failed: 0, upstreamFailed: 0, skipped: 0 };
  for (const { state } of all) {
    const field = TALLIED[state];
    if (field !== undefined) tally[field]++;
  }
  const { triggerRule: rule, teardown } = known.spec;
  const open = all.filter(({ state }) => TALLIED[state] === undefined);
  const waits = teardown === undefined ? readiness(rule, tally) === "wait" : open.length > 0;
  if (!waits) return [reason("run-starting", {})];
  const reasons = open.map(up => reason("upstream", up));
  if (teardown !== undefined || rule === "all_success") return reasons;
  return [reason("upstream-rule", { rule, ended: all.length - open.length, total: all.length }), ...reasons];
}

/** An instance without a record: its mapped task has not come so far, or as many instances as may be are under way. */
function ofInstance(known: Known): Reason[] {
  const { run, taskId, spec } = known;
  const parent = specIdOf(taskId);
  const { state, count = 0 } = taskOf(run, parent);
  if (state !== "mapped") return why({ ...known, taskId: parent }) ?? [];
  const used = instances(run, parent, count).filter(one => one.state === "scheduled" || isLive(one.state)).length;
  return [reason("map-limit", { used, slots: spec.map?.maxActive ?? count })];
}

const instances = (run: Run, taskId: string, count: number): TaskRun[] =>
  Array.from({ length: count }, (_, index) => taskOf(run, instanceId(taskId, index)));
