import type { Graph } from "../graph.ts";
import type { Run, RunHeader } from "../run.ts";
import { Past, type PastBlock } from "./past.ts";
import type { Ticket } from "./ticket.ts";

/** The runs of all DAGs whose tasks depend on the run before, and who waits for what in them: each for one task at a time. */
export class Pasts {
  readonly #byDag = new Map<string, Past>();
  readonly #dagOf = new Map<string, string>();
  /** By the fact they wait for. */
  readonly #waiting = new Map<string, Set<Ticket>>();
  /** By their own run. */
  readonly #ofRun = new Map<string, Set<Ticket>>();

  has(dagId: string): boolean {
    return this.#byDag.has(dagId);
  }

  /** From now on the DAG's runs are followed. */
  open(dagId: string): void {
    if (!this.#byDag.has(dagId)) this.#byDag.set(dagId, new Past());
  }

  /** Takes over what a run is now. @returns who has to be asked again: a new run may have come before theirs */
  see(run: Run, graph: Graph | undefined): Iterable<Ticket> {
    this.#dagOf.set(run.id, run.dagId);
    const next = this.#byDag.get(run.dagId)?.see(run, graph);
    return (next && this.#ofRun.get(next.id)) ?? [];
  }

  /** The run has ended, or is gone. @returns who has to be asked again */
  forget(runId: string, ended: Run | undefined): Iterable<Ticket> {
    const dagId = this.#dagOf.get(runId);
    const past = dagId === undefined ? undefined : this.#byDag.get(dagId);
    if (dagId === undefined || past === undefined) return [];
    if (ended === undefined) past.forget(runId);
    else past.see(ended, undefined);
    for (const dropped of past.prune()) this.#dagOf.delete(dropped);
    if (past.isEmpty) this.#byDag.delete(dagId);
    return this.waitingForRun(runId);
  }

  waitingForRun(runId: string): Ticket[] {
    return [...this.#waiting].flatMap(([fact, tickets]) => (fact.startsWith(factOf(runId, "")) ? [...tickets] : []));
  }

  waitingFor(runId: string, taskId: string): Iterable<Ticket> {
    return this.#waiting.get(factOf(runId, taskId)) ?? [];
  }

  /** What of the run before keeps the task from going. */
  blockOf({ header, graph }: { header: RunHeader; graph: Graph }, ticket: Ticket): PastBlock | undefined {
    return this.#byDag.get(header.dagId)?.blockOf(header, ticket.taskId, graph, ticket.demand.past);
  }

  wait(ticket: Ticket, block: PastBlock): void {
    this.stopWaiting(ticket);
    ticket.standing = "past";
    ticket.fact = factOf(block.runId, block.taskId);
    addTo(this.#waiting, ticket.fact, ticket);
    addTo(this.#ofRun, ticket.runId, ticket);
  }

  stopWaiting(ticket: Ticket): void {
    if (ticket.fact === undefined) return;
    removeFrom(this.#waiting, ticket.fact, ticket);
    removeFrom(this.#ofRun, ticket.runId, ticket);
    ticket.fact = undefined;
    ticket.standing = "out";
  }
}

const factOf = (runId: string, taskId: string): string => `${runId}\n${taskId}`;

function addTo(index: Map<string, Set<Ticket>>, key: string, ticket: Ticket): void {
  const known = index.get(key);
  if (known) known.add(ticket);
  else index.set(key, new Set([ticket]));
}

function removeFrom(index: Map<string, Set<Ticket>>, key: string, ticket: Ticket): void {
  const known = index.get(key);
  known?.delete(ticket);
  if (known?.size === 0) index.delete(key);
}
