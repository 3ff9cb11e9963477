import type { RunDetailReply, TaskReply } from "#contract/run.ts";

/** What a task was doing: waiting in the queue, for its next try, for its pod to start; or at work. */
export type BarKind = "queued" | "retry" | "starting" | "running";

export interface Bar {
  kind: BarKind;
  fromMs: number;
  toMs: number;
  /** Of the try, or of the task while nothing is known of it. */
  state: string;
  /** Of a try. */
  try?: number;
  infra?: number;
  /** Why the try ended as it did. */
  code?: string;
  /** It goes on. */
  isOpen?: true;
}

export interface GanttRow {
  task: TaskReply;
  bars: readonly Bar[];
}

export interface Gantt {
  fromMs: number;
  toMs: number;
  /** By when they began; those that have not, in the order of the file. */
  rows: readonly GanttRow[];
}

type Try = TaskReply["tries"][number];
const ms = (instant: string | undefined): number | undefined => (instant === undefined ? undefined : Date.parse(instant));

/** A run's tasks along one axis that ends when the run does. */
export function ganttOf(run: RunDetailReply, nowMs: number): Gantt {
  const rows = run.tasks.map(task => ({ task, bars: barsOf(task, nowMs) }));
  const bars = rows.flatMap(row => row.bars);
  const fromMs = Math.min(ms(run.startedAt) ?? ms(run.createdAt)!, ...bars.map(bar => bar.fromMs));
  const endMs = ms(run.endedAt) ?? nowMs;
  const toMs = Math.max(fromMs + 1, endMs, ...bars.map(bar => bar.toMs));
  const begins = (row: GanttRow): number => row.bars[0]?.fromMs ?? Number.POSITIVE_INFINITY;
  return { fromMs, toMs, rows: rows.toSorted((a, b) => (begins(a) === begins(b) ? 0 : begins(a) - begins(b))) };
}

/** The tries that ended, one behind the other with the waits between them, and what goes on now. */
export function barsOf(task: TaskReply, nowMs: number): Bar[] {
  const bars: Bar[] = [];
  let before: number | undefined;
  for (const one of task.tries) {
    bars.push(...waitBefore(task, before, ms(one.startedAt)!), ...endedTry(one, task.operator));
    before = ms(one.endedAt);
  }
  const open = (kind: BarKind, fromMs: number | undefined): Bar[] =>
    fromMs === undefined ? [] : [{ kind, fromMs, toMs: Math.max(nowMs, fromMs), state: task.state, isOpen: true }];
  switch (task.state) {
    case "queued":
      return [...bars, ...open("queued", ms(task.queuedAt))];
    case "up_for_retry":
    case "restarting":
      return [...bars, ...open("retry", before ?? ms(task.startedAt))];
    case "running":
    case "deferred":
    case "mapped": {
      const startedMs = ms(task.startedAt);
      if (startedMs === undefined) return bars;
      const isStarting = task.note?.phase === "starting" || task.note?.phase === "queued";
      const tries = { try: task.try, infra: task.infra };
      const now = open(isStarting && task.state === "running" ? "starting" : "running", startedMs).map(bar => ({
        ...bar,
        ...tries,
      }));
      return [...bars, ...waitBefore(task, before, startedMs), ...now];
    }
    default:
      return bars.length > 0 ? bars : withoutTry(task);
  }
}

/** Done by the scheduler, or by a worker that keeps no tries of it: it has a beginning and an end and nothing between. */
function withoutTry(task: TaskReply): Bar[] {
  const [fromMs, toMs] = [ms(task.startedAt), ms(task.endedAt)];
  return fromMs === undefined || toMs === undefined ? [] : [{ kind: "running", fromMs, toMs, state: task.state }];
}

/** From the end of the try before, or from the queue. */
function waitBefore(task: TaskReply, before: number | undefined, startedMs: number): Bar[] {
  const queuedMs = ms(task.queuedAt);
  if (before !== undefined)
    return before < startedMs ? [{ kind: "retry", fromMs: before, toMs: startedMs, state: "up_for_retry" }] : [];
  // Cleared since: when it was queued then is not known any more.
  if (queuedMs === undefined || queuedMs >= startedMs) return [];
  return [{ kind: "queued", fromMs: queuedMs, toMs: startedMs, state: "queued" }];
}

/** Kubernetes dates to the second, we to the millisecond: what it says is kept between what we saw. */
function endedTry({ startedAt, endedAt, timeline, state, try: number, infra, outcome }: Try, operator: string): Bar[] {
  const [fromMs, toMs] = [ms(startedAt)!, ms(endedAt)!];
  const of = { state, try: number, infra, code: outcome.code };
  if (operator !== "pod") return [{ kind: "running", fromMs, toMs, ...of }];
  const began = ms(timeline?.startedAt);
  if (began === undefined) return [{ kind: "starting", fromMs, toMs, ...of }];
  const atMs = Math.min(toMs, Math.max(fromMs, began));
  const running: Bar = { kind: "running", fromMs: atMs, toMs, ...of };
  return atMs === fromMs ? [running] : [{ kind: "starting", fromMs, toMs: atMs, ...of }, running];
}
