import type { DagSpec } from "#core/dag-spec.ts";
import { type Graph, indexDag } from "#core/graph.ts";
import { isRunFinal, type Run } from "#core/run.ts";

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

  constructor(specOf: (version: string) => Promise<DagSpec | undefined>) {
    this.#specOf = specOf;
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
    const graph = this.#graphs.get(run.version) ?? (await this.#load(run.version));
    if (graph === undefined) return undefined;
    const live = { run, graph };
    this.update(live);
    return live;
  }

  /** Keeps the run as a step left it; forgets it when it has ended. */
  update(live: LiveRun): void {
    const { id, dagId, state } = live.run;
    if (isRunFinal(state)) return this.forget(id);
    this.#runs.set(id, live);
    const ofDag = this.#ofDag.get(dagId);
    if (ofDag) ofDag.set(id, live);
    else this.#ofDag.set(dagId, new Map([[id, live]]));
  }

  forget(runId: string): void {
    const dagId = this.#runs.get(runId)?.run.dagId;
    this.#runs.delete(runId);
    if (dagId !== undefined) this.#ofDag.get(dagId)?.delete(runId);
  }

  /** The oldest run of the DAG that may start now without exceeding maxActiveRuns. */
  nextAdmissible(dagId: string): LiveRun | undefined {
    let active = 0;
    let next: LiveRun | undefined;
    for (const live of this.#ofDag.get(dagId)?.values() ?? []) {
      if (live.run.state === "running") active++;
      else if (next === undefined || live.run.createdAt < next.run.createdAt) next = live;
    }
    return next !== undefined && active < next.graph.spec.maxActiveRuns ? next : undefined;
  }

  async #load(version: string): Promise<Graph | undefined> {
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
