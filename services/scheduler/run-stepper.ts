import { jobId } from "#core/ids.ts";
import type { Run, TaskRun } from "#core/run.ts";
import { type Decision, type RunEvent, type Step, step } from "#core/step.ts";
import type { JobOrder, TaskQueue } from "#queue/task-queue.ts";
import type { Logger } from "#runtime/logger.ts";
import type { LeaderStore } from "#state/leader-store.ts";
import type { HistoryEntry } from "#state/run-store.ts";
import type { LiveRun, LiveRuns } from "./live-runs.ts";

export interface StepperDeps {
  runs: LiveRuns;
  store: LeaderStore;
  /** Shares its Redis connection with `store`: what is sent first arrives first. */
  queue: TaskQueue;
  token: string;
  now(): number;
  log: Logger;
  /** The store refused the token: this leader's term is over. */
  onNotLeader(): void;
}

/** Carries out what `step` decides: one commit a step, the jobs right behind it on the same connection, nothing awaited between. */
export class RunStepper {
  readonly #deps: StepperDeps;
  readonly #inFlight = new Set<Promise<void>>();
  /** Orders of the current batch; one addBulk carries them. */
  #orders: JobOrder[] = [];

  constructor(deps: StepperDeps) {
    this.#deps = deps;
  }

  /** Steps a run in memory and sends the commit. Call {@link flush} after a batch. */
  apply(live: LiveRun, events: readonly RunEvent[]): void {
    const result = step(live.graph, live.run, events);
    this.#deps.runs.update({ run: result.run, graph: live.graph });
    if (result.run.rev !== live.run.rev) this.#commit(live, result);
    for (const decision of result.decisions) this.#carryOut(live, decision);
  }

  /** Starts as many waiting runs of the DAG as its maxActiveRuns allows. */
  admit(dagId: string): void {
    for (let next = this.#deps.runs.nextAdmissible(dagId); next !== undefined; next = this.#deps.runs.nextAdmissible(dagId)) {
      this.apply(next, [{ type: "run.admitted", at: this.#deps.now() }]);
    }
  }

  /** Sends the jobs of everything applied since the last flush. */
  flush(): void {
    if (this.#orders.length === 0) return;
    const orders = this.#orders;
    this.#orders = [];
    this.#track(this.#enqueue(orders));
  }

  /** Resolves when every commit and job sent so far has been answered. */
  async settled(): Promise<void> {
    while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
  }

  #commit(before: LiveRun, { run, changes, decisions }: Step): void {
    const { store, token, now } = this.#deps;
    const orders = decisions.filter(decision => decision.type === "enqueue").map(decision => orderOf(before, decision));
    this.#orders.push(...orders);
    const at = now();
    const history = changes.map(({ taskId, task }) => entry({ at, type: `task.${task.state}`, taskId }));
    if (run.state !== before.run.state) history.push(entry({ at, type: `run.${run.state}` }));
    const sent = store.commit({
      token,
      run,
      fromRev: before.run.rev,
      changes,
      orders: orders.map(order => ({ jobId: order.jobId, json: JSON.stringify(order) })),
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
  async reload(runId: string): Promise<void> {
    const { store, runs, now } = this.#deps;
    const [stored] = await store.loadRuns([runId]);
    if (stored === undefined) return runs.forget(runId);
    const live = await runs.remember(stored);
    if (live === undefined) return;
    if (stored.state === "queued") this.admit(stored.dagId);
    else this.apply(live, [loaded(stored, now())]);
    this.flush();
  }

  async #enqueue(orders: readonly JobOrder[]): Promise<void> {
    await this.#deps.queue.add(orders);
    await this.#deps.store.acknowledge(orders.map(order => order.jobId));
  }

  #carryOut(live: LiveRun, decision: Decision): void {
    switch (decision.type) {
      case "enqueue":
        return; // went with the commit
      case "stop":
        return this.#track(this.#stop(live.run.id, decision.taskId, decision.gen));
      case "endRun":
        this.#deps.log.info({ event: "run.ended", runId: live.run.id, state: decision.state });
        return this.admit(live.run.dagId);
      default:
        return decision satisfies never;
    }
  }

  /** A waiting task ends here. A running one is its worker's to end: the cancel flag and the message have reached it already. */
  async #stop(runId: string, taskId: string, gen: number): Promise<void> {
    const { store, queue, runs, token, now } = this.#deps;
    const known = runs.get(runId)?.run.tasks.get(taskId);
    if (known === undefined) return;
    const at = now();
    const task: TaskRun = { ...known, gen, state: "cancelled", endedAt: at };
    const from = ["queued", "up_for_retry", "restarting"] as const;
    if (!(await store.cancelTask({ token, runId, taskId, gen, task, from, at }))) return;
    await queue.remove(jobId(runId, taskId, gen));
    const live = runs.get(runId);
    if (live) this.apply(live, [{ type: "task.ended", at, taskId, task }]);
    this.flush();
  }

  #track(work: Promise<void>): void {
    const tracked = work
      // Redis away: the outbox and the records hold everything; the reconcile after the reconnect carries on from them.
      .catch(error => this.#deps.log.warn({ event: "leader.sendFailed", err: error }))
      .finally(() => this.#inFlight.delete(tracked));
    this.#inFlight.add(tracked);
  }
}

/** The event that brings a run in memory up to what the store says. */
export const loaded = (stored: Run, at: number): RunEvent => ({
  type: "run.loaded",
  at,
  tasks: stored.tasks,
  ...(stored.cancelAt === undefined ? {} : { cancelAt: stored.cancelAt }),
});

const entry = (fact: HistoryEntry): string => JSON.stringify(fact);

function orderOf({ run, graph }: LiveRun, decision: Extract<Decision, { type: "enqueue" }>): JobOrder {
  const { taskId, gen, tryBase } = decision;
  const retry = graph.tasks.get(taskId)!.retry;
  return {
    jobId: jobId(run.id, taskId, gen),
    data: { dag: run.dagId, run: run.id, task: taskId, gen, version: run.version, tryBase },
    attempts: Math.max(1, retry.retries + 1 - tryBase),
    retry,
  };
}
