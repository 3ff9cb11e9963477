import { Admission, dependsOnPast } from "#core/admission/admission.ts";
import type { DagSpec } from "#core/dag-spec.ts";
import { type Graph, indexDag } from "#core/graph.ts";
import { isLive, isRunFinal, type Run, type RunHeader } from "#core/run.ts";
import { runLimit } from "#core/why.ts";

/** Limits count for what a run is going to start: also for one that has ended and is about to be reopened. */
const goesOn = ({ state, acts, tasks }: Run): boolean =>
  !isRunFinal(state) || acts !== undefined || [...tasks.values()].some(task => isLive(task.state));

/** A live run in the leader's memory, beside the graph of the version it executes. */
export interface LiveRun {
  run: Run;
  graph: Graph;
}

/** The leader's memory: every run that has not ended. Redis is the record; this is read from it and can be read again. */
export class LiveRuns {
  readonly #runs = new Map<string, LiveRun>();
  readonly #ofDag = new Map<string, Map<string, LiveRun>>();
  readonly #graphs = new Map<string, Graph>();
  readonly #specOf: (version: string) => Promise<DagSpec | undefined>;
  readonly #pastOf: (run: RunHeader) => Promise<Run | undefined>;
  readonly #onUpdate: (live: LiveRun) => void;
  /** Who of them may start what. */
  readonly admission = new Admission();

  /**
   * @param specOf the DAG of a version
   * @param pastOf the run of the DAG that comes before; asked only where tasks depend on it
   * @param onUpdate hears of every run that is met or moves, its end included
   */
  constructor(
    specOf: (version: string) => Promise<DagSpec | undefined>,
    pastOf: (run: RunHeader) => Promise<Run | undefined> = async () => undefined,
    onUpdate: (live: LiveRun) => void = () => undefined,
  ) {
    this.#specOf = specOf;
    this.#pastOf = pastOf;
    this.#onUpdate = onUpdate;
  }

  get(runId: string): LiveRun | undefined {
    return this.#runs.get(runId);
  }

  ids(): string[] {
    return [...this.#runs.keys()];
  }

  get size(): number {
    return this.#runs.size;
  }

  /** Undefined when the run's version is not in the store: nothing can be decided about such a run. */
  async remember(run: Run): Promise<LiveRun | undefined> {
    const graph = await this.graphOf(run.version);
    if (graph === undefined) return undefined;
    if (graph.spec.tasks.some(dependsOnPast)) await this.#meetPast(run);
    const live = { run, graph };
    this.update(live);
    if (goesOn(run)) this.admission.remember(run, graph);
    return live;
  }

  /** Keeps the run as a step left it; forgets it when it has ended. */
  update(live: LiveRun): void {
    const { id, dagId, state } = live.run;
    this.#onUpdate(live);
    if (isRunFinal(state)) return this.forget(id, live.run);
    this.#runs.set(id, live);
    const ofDag = this.#ofDag.get(dagId);
    if (ofDag) ofDag.set(id, live);
    else this.#ofDag.set(dagId, new Map([[id, live]]));
  }

  /** @param ended how the run ended; absent: it is gone */
  forget(runId: string, ended?: Run): void {
    const dagId = this.#runs.get(runId)?.run.dagId;
    this.#runs.delete(runId);
    this.admission.forget(runId, ended);
    if (dagId !== undefined) this.#ofDag.get(dagId)?.delete(runId);
  }

  /** The oldest run of the DAG that may start now without exceeding maxActiveRuns. */
  nextAdmissible(dagId: string): LiveRun | undefined {
    let active = 0;
    let next: LiveRun | undefined;
    for (const live of this.#ofDag.get(dagId)?.values() ?? []) {
      // A backfill has a limit of its own, and keeps it by itself.
      if (live.run.trigger.backfillId !== undefined) {
        if (live.run.state === "queued") return live;
      } else if (live.run.state === "running") active++;
      else if (next === undefined || live.run.createdAt < next.run.createdAt) next = live;
    }
    return next !== undefined && runLimit(active, next.graph.spec.maxActiveRuns) === undefined ? next : undefined;
  }

  /** All of them, in the order of their creation. */
  inOrder(): LiveRun[] {
    return [...this.#runs.values()].sort((a, b) => a.run.createdAt - b.run.createdAt);
  }

  async #meetPast(run: Run): Promise<void> {
    const past = await this.#pastOf(run);
    if (past === undefined) return;
    const live = this.#runs.get(past.id);
    this.admission.rememberPast(live?.run ?? past, live?.graph);
  }

  /** The graph of a version; undefined when the store does not have it. */
  async graphOf(version: string): Promise<Graph | undefined> {
    const known = this.#graphs.get(version);
    if (known !== undefined) return known;
    const spec = await this.#specOf(version);
    if (spec === undefined) return undefined;
    const graph = indexDag(spec);
    this.#graphs.set(version, graph);
    return graph;
  }

  /** Drops the graphs that no live run uses. */
  prune(): void {
    const used = new Set([...this.#runs.values()].map(({ run }) => run.version));
    for (const version of this.#graphs.keys()) if (!used.has(version)) this.#graphs.delete(version);
  }
}
