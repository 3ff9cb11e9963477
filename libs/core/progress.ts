import type { Graph } from "./graph.ts";
import { mapIndexOf, specIdOf } from "./instance-id.ts";
import { TALLIED } from "./readiness.ts";
import { isFinal, isLive, NOT_STARTED, type TaskRun, type TaskState } from "./run.ts";
import { SharedMap } from "./shared-map.ts";
import type { InstanceTally, Progress, UpstreamTally } from "./tally.ts";

const NONE_ENDED = { success: 0, failed: 0, upstreamFailed: 0, skipped: 0 };

/** Counts from nothing. */
export function deriveProgress(graph: Graph, tasks: ReadonlyMap<string, TaskRun>): Progress {
  const upstream = new Map<string, UpstreamTally>();
  for (const { id, upstream: ups } of graph.spec.tasks) upstream.set(id, { ...NONE_ENDED, total: ups.length });
  const instances = new Map<string, InstanceTally>();
  for (const [id, { state, count }] of tasks) {
    if (state === "mapped" || count !== undefined) instances.set(id, { ...NONE_ENDED, total: count ?? 0, next: 0, active: 0 });
  }
  const counter = new ProgressDraft(graph, {
    open: graph.tasks.size,
    upstream: SharedMap.of(upstream),
    instances: SharedMap.of(instances),
  });
  for (const [id, task] of tasks) counter.count(id, NOT_STARTED, task);
  return counter.done();
}

/** Progress under change. */
export class ProgressDraft {
  readonly #graph: Graph;
  readonly #before: Progress;
  #open: number;
  readonly #upstream = new Map<string, UpstreamTally>();
  readonly #instances = new Map<string, InstanceTally>();

  constructor(graph: Graph, before: Progress) {
    this.#graph = graph;
    this.#before = before;
    this.#open = before.open;
  }

  get open(): number {
    return this.#open;
  }

  upstreamOf(taskId: string): UpstreamTally {
    return this.#upstream.get(taskId) ?? this.#before.upstream.get(taskId)!;
  }

  instancesOf(taskId: string): InstanceTally | undefined {
    return this.#instances.get(taskId) ?? this.#before.instances.get(taskId);
  }

  /** A mapped task has so many instances, of which none has ended. */
  expand(taskId: string, total: number): void {
    this.#instances.set(taskId, { ...NONE_ENDED, total, next: 0, active: 0 });
  }

  /** Instances before `next` have been started. */
  startedUpTo(taskId: string, next: number): void {
    this.#instances.set(taskId, { ...this.instancesOf(taskId)!, next });
  }

  /** A task has moved. */
  count(taskId: string, from: TaskRun, to: TaskRun): void {
    const index = mapIndexOf(taskId);
    if (index !== undefined) return this.#countInstance(specIdOf(taskId), index, from.state, to.state);
    if (isFinal(from.state) !== isFinal(to.state)) this.#open += isFinal(to.state) ? -1 : 1;
    if (TALLIED[from.state] === TALLIED[to.state]) return;
    for (const down of this.#graph.downstream.get(taskId) ?? [])
      this.#upstream.set(down, moved(this.upstreamOf(down), from.state, to.state));
  }

  #countInstance(parent: string, index: number, from: TaskState, to: TaskState): void {
    const known = this.instancesOf(parent);
    // Left over from an earlier, longer list.
    if (known === undefined || index >= known.total) return;
    const next = to === "none" ? Math.min(known.next, index) : known.next;
    const active = known.active + Number(isActive(to)) - Number(isActive(from));
    this.#instances.set(parent, { ...moved(known, from, to), next, active });
  }

  done(): Progress {
    return {
      open: this.#open,
      upstream: this.#before.upstream.with(this.#upstream),
      instances: this.#before.instances.with(this.#instances),
    };
  }
}

const isActive = (state: TaskState): boolean => state === "scheduled" || isLive(state);

function moved<T extends UpstreamTally>(tally: T, from: TaskState, to: TaskState): T {
  const [left, entered] = [TALLIED[from], TALLIED[to]];
  if (left === entered) return tally;
  return {
    ...tally,
    ...(left === undefined ? {} : { [left]: tally[left] - 1 }),
    ...(entered === undefined ? {} : { [entered]: tally[entered] + 1 }),
  };
}
