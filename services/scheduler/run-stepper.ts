import type { Decision, Step } from "#core/decision.ts";
import { specOf } from "#core/graph.ts";
import { jobId } from "#core/ids.ts";
import { isRunFinal, type Run, type TaskRun } from "#core/run.ts";
import { type RunEvent, step } from "#core/step.ts";
import type { JobPlace, TaskQueues } from "#queue/task-queues.ts";
import type { Logger } from "#runtime/logger.ts";
import type { LeaderStore } from "#state/leader-store.ts";
import type { HistoryEntry } from "#state/run-store.ts";
import type { LiveRun, LiveRuns } from "./live-runs.ts";
import { movedRun } from "./moved-run.ts";
import type { Outbox } from "./outbox.ts";
import { formatOutboxOrder, ordersOf } from "./outbox-order.ts";
import type { RunClock } from "./run-clock.ts";

export interface StepperDeps {
  runs: LiveRuns;
  store: LeaderStore;
  queue: Pick<TaskQueues, "remove" | "promote">;
  /** Its jobs go over the connection of `store`: what is sent first arrives first. */
  outbox: Outbox;
  clock: Pick<RunClock, "follow">;
  token: string;
  now(): number;
  log: Logger;
  /** A run has ended, as far as this leader knows. */
  onRunEnded?(run: Run): void;
  /** The store refused the token: this leader's term is over. */
  onNotLeader(): void;
}

/** Carries out what `step` decides: one commit a step, the jobs right behind it on the same connection, nothing awaited between. */
export class RunStepper {
  readonly #deps: StepperDeps;
  readonly #inFlight = new Set<Promise<void>>();

  constructor(deps: StepperDeps) {
    this.#deps = deps;
  }

  /**
   * Steps a run in memory and sends the commit. Call {@link flush} after a batch.
   * @param rebased the run goes on with another version than the record says
   */
  apply(live: LiveRun, events: readonly RunEvent[], { rebased = false } = {}): void {
    const { runs } = this.#deps;
    const result = step(live.graph, live.run, events, runs.admission);
    const after = { run: result.run, graph: live.graph };
    runs.update(after);
    if (result.run.rev !== live.run.rev) this.#commit(live, result, rebased);
    this.#follow(after, events, result);
    for (const decision of result.decisions) this.#carryOut(after, decision);
  }

  /** Tells admission and clock what has become of the run. */
  #follow(live: LiveRun, events: readonly RunEvent[], { changes }: Step): void {
    const { runs, clock } = this.#deps;
    clock.follow(live.run, live.graph.spec.runTimeoutMs);
    if (isRunFinal(live.run.state) || !runs.admission.tracks(live.run)) return;
    if (events.some(({ type }) => type === "run.loaded")) return runs.admission.remember(live.run, live.graph);
    const moved = events.flatMap(event => ("taskId" in event ? [event.taskId] : []));
    runs.admission.settle(live, new Set([...moved, ...changes.map(({ taskId }) => taskId)]));
  }

  /** Starts as many waiting runs of the DAG as its maxActiveRuns allows. */
  admit(dagId: string): void {
    for (let next = this.#deps.runs.nextAdmissible(dagId); next !== undefined; next = this.#deps.runs.nextAdmissible(dagId)) {
      this.apply(next, [{ type: "run.admitted", at: this.#deps.now() }]);
    }
  }

  /** Starts the tasks for which slots have come free, and sends the orders of everything applied since the last flush. */
  flush(): void {
    this.#admitTasks();
    const sent = this.#deps.outbox.flush();
    if (sent !== undefined) this.#track(sent);
  }

  #admitTasks(): void {
    const { runs, now } = this.#deps;
    for (let admitted = runs.admission.take(); admitted.length > 0; admitted = runs.admission.take()) {
      for (const [runId, tasks] of Map.groupBy(admitted, task => task.runId)) {
        const live = runs.get(runId);
        const at = now();
        if (live)
          this.apply(
            live,
            tasks.map(({ taskId }) => ({ type: "task.admitted", at, taskId })),
          );
        else runs.admission.forget(runId);
      }
    }
  }

  /** Resolves when every commit and job sent so far has been answered. */
  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  #commit(before: LiveRun, { run, changes, acts, decisions }: Step, rebased: boolean): void {
    const { store, outbox, token, now } = this.#deps;
    const at = now();
    const orders = ordersOf(before, run, decisions, at);
    outbox.put(orders);
    const history = changes.map(({ taskId, task }) => entry({ at, type: `task.${task.state}`, taskId, ...whyOf(task) }));
    if (rebased) history.push(entry({ at, type: "run.rebased", version: run.version }));
    if (run.state !== before.run.state) history.push(entry({ at, type: `run.${run.state}` }));
    // Of a run that is cancelled every job has to stop: its own mark says so.
    const stops = run.cancelAt === undefined ? decisions.filter(decision => decision.type === "stop") : [];
    const sent = store.commit({
      token,
      run,
      fromRev: before.run.rev,
      changes,
      orders: orders.map(order => ({ jobId: order.id, json: formatOutboxOrder(order) })),
      acts,
      stops,
      rebased,
      uncancelled: before.run.cancelAt !== undefined && run.cancelAt === undefined,
      history,
      at,
    });
    this.#track(this.#answered(run.id, sent));
  }

  async #answered(runId: string, sent: ReturnType<LeaderStore["commit"]>): Promise<void> {
    const answer = await sent;
    if (answer.result === "not-leader") return this.#deps.onNotLeader();
    // Somebody else moved a task or the run first: memory is behind the record, which decides.
    if (answer.result === "conflict" || answer.skipped.length > 0) await this.reload(runId);
  }

  /** Reads the run from the record again and does what follows from it. */
  async reload(runId: string, { first = false } = {}): Promise<void> {
    const { store, runs, now, log } = this.#deps;
    const [stored] = await store.loadRuns([runId]);
    if (stored === undefined) return runs.forget(runId);
    const run = await movedRun(stored, version => runs.graphOf(version));
    const live = await runs.remember(run);
    if (live === undefined) return log.error({ event: "run.specMissing", runId, version: run.version });
    // A request to cancel is in the memory already, and an act may take it back.
    const { cancelAt, ...event } = loaded(run, now(), first);
    if (stored.state !== "queued" || stored.acts !== undefined || cancelAt !== undefined)
      this.apply(live, [{ ...event, acts: [...(run.acts?.values() ?? [])] }], { rebased: run.version !== stored.version });
    if (runs.get(runId)?.run.state === "queued") this.admit(stored.dagId);
    this.flush();
  }

  #carryOut(live: LiveRun, decision: Decision): void {
    switch (decision.type) {
      case "enqueue":
      case "notify":
      case "updateAssets":
        return; // went with the commit
      case "stop":
        return this.#track(this.#stop(live.run.id, decision.taskId, decision.gen));
      case "promote":
        return this.#track(this.#promote(live.run.id, decision.taskId, decision.gen));
      case "endRun":
        this.#deps.log.info({ event: "run.ended", runId: live.run.id, state: decision.state });
        this.#wakeParent(live.run);
        this.#deps.onRunEnded?.(live.run);
        return this.admit(live.run.dagId);
      default:
        return decision satisfies never;
    }
  }

  /** A waiting task ends here. A running one is its worker's to end: it was told with the commit. */
  async #stop(runId: string, taskId: string, gen: number): Promise<void> {
    const { store, queue, runs, token, now } = this.#deps;
    const at = now();
    const known = runs.get(runId);
    // What it has made outside is a worker's to delete: whoever gets the job is told that it is cancelled.
    if (known?.run.tasks.get(taskId)?.state === "deferred" && specOf(known.graph, taskId)?.operator === "resource")
      return this.#promote(runId, taskId, gen);
    const task = await store.cancelTask({ token, runId, taskId, gen, from: WAITING, at });
    if (task === undefined) return;
    await queue.remove(this.#placeOf(runId, taskId, gen));
    const live = runs.get(runId);
    if (live) this.apply(live, [{ type: "task.ended", at, taskId, task }]);
    this.flush();
  }

  async #promote(runId: string, taskId: string, gen: number): Promise<void> {
    await this.#deps.queue.promote(this.#placeOf(runId, taskId, gen));
  }

  /** A task that waits for this run looks at once. It would look by itself later: this need not be sure. */
  #wakeParent({ trigger: { parent } }: Run): void {
    const task = parent && this.#deps.runs.get(parent.runId)?.run.tasks.get(parent.taskId);
    if (parent && task?.state === "deferred") this.#track(this.#promote(parent.runId, parent.taskId, task.gen));
  }

  #placeOf(runId: string, taskId: string, gen: number): JobPlace {
    const graph = this.#deps.runs.get(runId)?.graph;
    return { jobId: jobId(runId, taskId, gen), queue: graph && specOf(graph, taskId)?.queue };
  }

  #track(work: Promise<void>): void {
    const tracked = work
      // Redis away: the outbox and the records hold everything; the reconcile after the reconnect carries on from them.
      .catch(error => this.#deps.log.warn({ event: "leader.sendFailed", err: error }))
      .finally(() => this.#inFlight.delete(tracked));
    this.#inFlight.add(tracked);
  }
}

/**
 * The event that brings a run in memory up to what the store says. People's acts are not in it: a record may be a moment old, and an act
 * is done once.
 */
export const loaded = (stored: Run, at: number, first = false): Extract<RunEvent, { type: "run.loaded" }> => ({
  type: "run.loaded",
  at,
  tasks: stored.tasks,
  ...(stored.cancelAt === undefined ? {} : { cancelAt: stored.cancelAt }),
  ...(first ? { first } : {}),
});

/** A live task that no worker holds. */
const WAITING = ["queued", "up_for_retry", "restarting", "deferred"] as const;

/** Why the leader moves a task, where the move itself does not say so. */
const whyOf = ({ reason }: TaskRun): object => (reason === undefined ? {} : { reason });

const entry = (fact: HistoryEntry): string => JSON.stringify(fact);
