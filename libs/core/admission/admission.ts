import type { Gate } from "../gate.ts";
import type { Graph } from "../graph.ts";
import { specIdOf } from "../instance-id.ts";
import type { Pool } from "../pool.ts";
import { type Reason, reason } from "../reason.ts";
import type { Run, RunHeader, TaskRun, TaskState } from "../run.ts";
import type { TaskSpec } from "../task-spec.ts";
import { demandsOf, isLimited } from "./demands.ts";
import { Limit } from "./limit.ts";
import { Pasts } from "./pasts.ts";
import type { Demand, Ticket } from "./ticket.ts";
import { aheadAt } from "./waiting-group.ts";
import { WaitingRoom } from "./waiting-room.ts";

/** One point of weight is worth so much waiting: whoever waits long enough goes first, whatever the others weigh. */
const AGING_MS = 60_000;

/** A task that waited and may go now. */
export interface Admitted {
  runId: string;
  taskId: string;
}

/** A run and the version it executes. */
export interface KnownRun {
  run: Run;
  graph: Graph;
}

/** A run some of whose tasks have limits. */
interface LimitedRun {
  header: RunHeader;
  graph: Graph;
  /** By the task's id in the DAG. */
  demands: ReadonlyMap<string, Demand>;
  tickets: Map<string, Ticket>;
}

/** What becomes of a task's slots in each state; in all others it has none. `pool`: only a pool that counts the deferred keeps them. */
const SLOTS: Readonly<Partial<Record<TaskState, "hold" | "wait" | "pool">>> = {
  scheduled: "wait",
  queued: "hold",
  running: "hold",
  // BullMQ starts a delayed job by itself: were its slots given away meanwhile, the limit would be exceeded.
  up_for_retry: "hold",
  restarting: "hold",
  deferred: "pool",
};

/**
 * Decides who may go: pools, limits, the run before. It knows every live task that has limits, so that slots are the set of live tasks and
 * nothing that is counted up and down. Pure: times are arguments, and what is stored is its keeper's to read.
 *
 * A task waits at the first limit that has no room for it, in the order of its weight and its waiting. A limit that got room asks its first;
 * one that wants many slots keeps the others waiting until there are as many. Tasks that want the same wait as one.
 */
export class Admission implements Gate {
  readonly #runs = new Map<string, LimitedRun>();
  readonly #limits = new Map<string, Limit>();
  readonly #room = new WaitingRoom();
  readonly #pasts = new Pasts();
  #pools: ReadonlyMap<string, Pool> = new Map();
  #admitted: Ticket[] = [];
  #ordinal = 0;

  /** How many times somebody who waits was asked whether he can go: what all that was released has cost. */
  get looks(): number {
    return this.#room.looks;
  }

  admit(run: RunHeader, taskId: string, _spec: TaskSpec, at: number): boolean {
    const limited = this.#runs.get(run.id);
    const demand = limited?.demands.get(specIdOf(taskId));
    if (limited === undefined || demand === undefined) return true;
    const known = limited.tickets.get(taskId);
    if (known?.standing === "held") return true;
    if (known?.standing === "waiting" || known?.standing === "past") return false;
    const ticket = known ?? this.#ticket(limited, taskId, demand, at);
    if (this.#waitsForPast(ticket)) return false;
    if (this.#room.enter(ticket)) return true;
    this.#room.wait(ticket);
    return false;
  }

  /** Whether {@link settle} has to hear of the run. */
  tracks({ id, dagId }: Pick<RunHeader, "id" | "dagId">): boolean {
    return this.#runs.has(id) || this.#pasts.has(dagId);
  }

  /** Takes over a run as the records say it is: holds for what lives, waits for what is scheduled. Repeating it changes nothing. */
  remember(run: Run, graph: Graph): void {
    const known = this.#runs.get(run.id);
    if (known !== undefined && known.graph !== graph) this.#drop(known);
    this.#seePast(run, graph);
    this.#again(this.#pasts.waitingForRun(run.id));
    const limited = this.#runs.get(run.id) ?? this.#limit(run, graph);
    if (limited === undefined) return;
    for (const taskId of [...limited.tickets.keys()]) this.#follow(limited, run, taskId);
    for (const [taskId, { state }] of run.tasks) if (SLOTS[state] !== undefined) this.#follow(limited, run, taskId);
  }

  /** A run that an other one follows whose tasks depend on it. `graph` absent: it has ended, and what has no record was not in it. */
  rememberPast(run: Run, graph?: Graph): void {
    this.#pasts.open(run.dagId);
    this.#again(this.#pasts.see(run, graph));
    this.#again(this.#pasts.waitingForRun(run.id));
  }

  /** Follows what a step, or a worker, has made of these tasks. */
  settle({ run, graph }: KnownRun, taskIds: Iterable<string>): void {
    const limited = this.#runs.get(run.id);
    const hasPast = this.#pasts.has(run.dagId);
    if (hasPast) this.#seePast(run, graph);
    for (const taskId of taskIds) {
      if (limited !== undefined) this.#follow(limited, run, taskId);
      if (hasPast) this.#again(this.#pasts.waitingFor(run.id, specIdOf(taskId)));
    }
  }

  /** The run has ended, or is not there any more (`ended` absent). How its tasks ended stays known to the run after it. */
  forget(runId: string, ended?: Run): void {
    const limited = this.#runs.get(runId);
    if (limited !== undefined) this.#drop(limited);
    this.#again(this.#pasts.forget(runId, ended));
  }

  /** What the pools are now. `runs`: all that live, in the order of their creation. */
  setPools(pools: readonly Pool[], runs: Iterable<KnownRun>): void {
    if (pools.length === this.#pools.size && pools.every(pool => isSamePool(pool, this.#pools.get(pool.name)))) return;
    this.#pools = new Map(pools.map(pool => [pool.name, pool]));
    for (const limited of [...this.#runs.values()]) this.#drop(limited);
    for (const { run, graph } of runs) this.remember(run, graph);
  }

  /** Who waited and may go now, in their order. They hold their slots. */
  take(): Admitted[] {
    this.#room.serve(
      ticket => !this.#waitsForPast(ticket),
      ticket => this.#admitted.push(ticket),
    );
    const admitted = this.#admitted.filter(({ standing }) => standing === "held");
    this.#admitted = [];
    return admitted.map(({ runId, taskId }) => ({ runId, taskId }));
  }

  /** Why a task that waits does not go: every limit without room for it. Empty: nothing here holds it back. */
  reasons(runId: string, taskId: string): Reason[] {
    const limited = this.#runs.get(runId);
    const ticket = limited?.tickets.get(taskId);
    if (limited === undefined || ticket === undefined || !["waiting", "past"].includes(ticket.standing)) return [];
    const { group, demand } = ticket;
    const block = this.#pasts.blockOf(limited, ticket);
    const past = block === undefined ? [] : [reason("past", { run: block.runId, task: block.taskId, state: block.state })];
    const full = demand.shares.flatMap(({ limit, slots }) => {
      if (!limit.hasRoom(slots) && !(group !== undefined && limit.holds(group))) return [limit.explain(slots, undefined)];
      const ahead = group?.first === ticket ? aheadAt(limit, ticket, group) : group?.first;
      return ahead === undefined || ticket.standing === "past" ? [] : [limit.explain(slots, ahead)];
    });
    return [...past, ...full];
  }

  #limit(run: Run, graph: Graph): LimitedRun | undefined {
    const slotsOf = (pool: string) => this.#pools.get(pool)?.slots;
    if (!isLimited(graph, slotsOf)) return undefined;
    const demands = demandsOf(run, graph, slotsOf, ({ kind, key, name, slots }) => {
      const limit = this.#limits.get(key) ?? new Limit(kind, key, name, slots);
      this.#limits.set(key, limit);
      // The newest version of a DAG says how much its limits are.
      limit.slots = slots;
      return limit;
    });
    const { tasks: _, ...header } = run;
    const limited = { header, graph, demands, tickets: new Map<string, Ticket>() };
    this.#runs.set(run.id, limited);
    return limited;
  }

  #ticket({ header, tickets }: LimitedRun, taskId: string, demand: Demand, readyAt: number): Ticket {
    const order = readyAt - demand.weight * AGING_MS;
    const ticket: Ticket = { runId: header.id, taskId, demand, order, ordinal: this.#ordinal++, standing: "out" };
    tickets.set(taskId, ticket);
    return ticket;
  }

  /** Brings a task's slots to what its state says. */
  #follow(limited: LimitedRun, run: Run, taskId: string): void {
    const demand = limited.demands.get(specIdOf(taskId));
    if (demand === undefined) return;
    const task = run.tasks.get(taskId);
    const known = limited.tickets.get(taskId);
    const what = task && SLOTS[task.state];
    if (task === undefined || what === undefined) {
      if (known !== undefined) this.#end(limited, known);
      return;
    }
    const ticket = known ?? this.#ticket(limited, taskId, demand, readyAtOf(task, run));
    if (what !== "wait") this.#pasts.stopWaiting(ticket);
    if (what === "hold") this.#room.hold(ticket);
    else if (what === "pool") this.#defer(ticket);
    else if (ticket.standing === "out" || ticket.standing === "deferred") this.#line(ticket);
    // It was told to go and stayed: its run starts nothing any more.
    else if (ticket.standing === "held" && !this.#admitted.includes(ticket)) this.#end(limited, ticket);
  }

  #line(ticket: Ticket): void {
    if (this.#waitsForPast(ticket)) return;
    if (ticket.demand.shares.length > 0) return this.#room.wait(ticket);
    this.#room.hold(ticket);
    this.#admitted.push(ticket);
  }

  #defer(ticket: Ticket): void {
    this.#room.leave(ticket);
    ticket.standing = "deferred";
    const keeps = (limit: Limit) => limit.kind === "pool" && this.#pools.get(limit.name)?.includeDeferred === true;
    for (const { limit, slots } of ticket.demand.shares) if (keeps(limit)) limit.hold(ticket, slots);
    this.#room.giveBack(ticket, keeps);
  }

  #end({ tickets }: LimitedRun, ticket: Ticket): void {
    this.#pasts.stopWaiting(ticket);
    this.#room.leave(ticket);
    this.#room.giveBack(ticket);
    ticket.standing = "out";
    tickets.delete(ticket.taskId);
  }

  #drop(limited: LimitedRun): void {
    for (const ticket of [...limited.tickets.values()]) this.#end(limited, ticket);
    this.#runs.delete(limited.header.id);
    for (const { shares } of limited.demands.values())
      for (const { limit } of shares) if (limit.kind === "run" || limit.kind === "map") this.#limits.delete(limit.key);
  }

  #seePast(run: Run, graph: Graph): void {
    if (graph.spec.tasks.some(task => dependsOnPast(task))) this.#pasts.open(run.dagId);
    if (this.#pasts.has(run.dagId)) this.#again(this.#pasts.see(run, graph));
  }

  /** true: the run before holds the task back, and the ticket waits for it. */
  #waitsForPast(ticket: Ticket): boolean {
    if (ticket.demand.past === undefined) return false;
    const block = this.#pasts.blockOf(this.#runs.get(ticket.runId)!, ticket);
    if (block === undefined) return false;
    this.#room.leave(ticket);
    this.#pasts.wait(ticket, block);
    return true;
  }

  /** What they waited for in a run before may be so now. */
  #again(tickets: Iterable<Ticket>): void {
    for (const ticket of [...tickets]) {
      if (this.#waitsForPast(ticket)) continue;
      this.#pasts.stopWaiting(ticket);
      this.#line(ticket);
    }
  }
}

const isSamePool = (a: Pool, b: Pool | undefined): boolean => a.slots === b?.slots && a.includeDeferred === b.includeDeferred;

const readyAtOf = ({ readyAt, queuedAt }: TaskRun, { startedAt, createdAt }: Run): number =>
  readyAt ?? queuedAt ?? startedAt ?? createdAt;

/** Whether the task waits for one of the run before. */
export const dependsOnPast = (task: Pick<TaskSpec, "dependsOnPast" | "waitForDownstream">): boolean =>
  task.dependsOnPast === true || task.waitForDownstream === true;
