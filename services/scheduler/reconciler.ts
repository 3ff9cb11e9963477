import { specOf } from "#core/graph.ts";
import { jobId } from "#core/ids.ts";
import { isLive, type Run } from "#core/run.ts";
import type { RunEvent } from "#core/step.ts";
import type { JobState } from "#queue/task-queue.ts";
import type { JobPlace, TaskQueues } from "#queue/task-queues.ts";
import type { Logger } from "#runtime/logger.ts";
import type { LeaderStore } from "#state/leader-store.ts";
import type { LiveRun, LiveRuns } from "./live-runs.ts";
import type { Outbox } from "./outbox.ts";
import { loaded, type RunStepper } from "./run-stepper.ts";

export interface ReconcilerDeps {
  store: LeaderStore;
  queue: Pick<TaskQueues, "states">;
  outbox: Pick<Outbox, "relay">;
  runs: LiveRuns;
  stepper: RunStepper;
  now(): number;
  log: Logger;
}

/** A job that ended or is missing while its task is live: somebody removed it, or Redis was rolled back. */
const LOST: ReadonlySet<JobState> = new Set(["missing", "completed", "failed"]);

/** Somebody wants something done that the memory has not heard of. */
const hasNewAct = (stored: Run, known: Run | undefined): boolean =>
  stored.acts !== undefined && [...stored.acts.keys()].some(id => known?.acts?.has(id) !== true);

/** Runs read and compared at once. */
const BATCH = 200;

function* batches(ids: readonly string[]): Iterable<string[]> {
  for (let i = 0; i < ids.length; i += BATCH) yield ids.slice(i, i + BATCH);
}

/**
 * Compares the record with the leader's memory and with the queue, and repairs what differs. Level-triggered: it does not ask
 * how a difference came about. The single cure for lost messages, removed jobs and half-done orders.
 */
export class Reconciler {
  readonly #deps: ReconcilerDeps;
  /** Orders seen unacknowledged in the last pass: only those that stay are sent again. */
  #pending = new Set<string>();
  /** Live tasks whose job looked lost in the last pass: a task may be between finish and the queue's own move. */
  #suspects = new Set<string>();
  /** Runs that another leader may have stepped and this one has not. */
  readonly #met = new Set<string>();

  constructor(deps: ReconcilerDeps) {
    this.#deps = deps;
  }

  /** One pass over everything live. `all`: also orders and suspects seen for the first time (a new leader's first pass). */
  async pass({ all = false } = {}): Promise<void> {
    const { store, runs } = this.#deps;
    // Asked first: a run that is created while the store answers is in memory and not in the answer.
    const known = runs.ids();
    const ids = await store.liveRuns();
    const live = new Set(ids);
    for (const id of known) if (!live.has(id)) runs.forget(id);
    await this.#relayOutbox(all);
    await this.#meet(ids.filter(id => runs.get(id) === undefined));
    const suspects = new Set<string>();
    for (const batch of batches(ids)) await this.#compare(batch, suspects);
    this.#suspects = suspects;
    runs.prune();
  }

  /** How many runs of a DAG are active can be counted only when all are known: before the first of them is repaired. */
  async #meet(ids: readonly string[]): Promise<void> {
    const { store, runs } = this.#deps;
    for (const batch of batches(ids)) {
      // Acts are new until they are done: the comparison reads such a run again.
      for (const { acts: _, ...run } of await store.loadRuns(batch)) {
        if (runs.get(run.id) !== undefined) continue;
        await runs.remember(run);
        this.#met.add(run.id);
      }
    }
  }

  async #relayOutbox(all: boolean): Promise<void> {
    const { store, outbox, log } = this.#deps;
    const waiting = await store.outbox();
    const due = waiting.filter(({ jobId }) => all || this.#pending.has(jobId));
    this.#pending = new Set(waiting.map(({ jobId }) => jobId));
    if (due.length === 0) return;
    log.info({ event: "outbox.relayed", count: due.length });
    // What cannot be carried out now must not keep the records from being compared.
    await outbox.relay(due).catch(err => log.warn({ event: "outbox.relayFailed", err }));
  }

  async #compare(ids: readonly string[], suspects: Set<string>): Promise<void> {
    const { store, runs, stepper, log } = this.#deps;
    await stepper.settled();
    // Everything sent so far has been answered: a record below these revisions means that a commit was lost.
    const revs = new Map(ids.map(id => [id, runs.get(id)?.run.rev]));
    const stored = await store.loadRuns(ids);
    const lost = await this.#lostJobs(stored, suspects);
    for (const run of stored) {
      const rev = revs.get(run.id);
      const known = runs.get(run.id);
      const isBehind = known === undefined || (rev !== undefined && run.rev < rev);
      if (hasNewAct(run, isBehind ? undefined : known?.run)) {
        await stepper.reload(run.id, { first: this.#met.delete(run.id) });
        continue;
      }
      const live = isBehind ? await runs.remember(run) : known;
      if (live === undefined) log.error({ event: "run.specMissing", runId: run.id, version: run.version });
      else this.#repair(live, run, lost.get(run.id) ?? []);
    }
    stepper.flush();
  }

  #repair(live: LiveRun, stored: Run, lost: readonly string[]): void {
    const { stepper, now, log } = this.#deps;
    if (stored.state === "queued" && stored.cancelAt === undefined) return stepper.admit(stored.dagId);
    const at = now();
    const events: RunEvent[] = [loaded(stored, at, this.#met.delete(stored.id))];
    for (const taskId of lost) {
      log.warn({ event: "job.lost", runId: stored.id, taskId });
      events.push({ type: "task.jobLost", at, taskId, task: stored.tasks.get(taskId)! });
    }
    stepper.apply(live, events);
  }

  /** Task ids by run whose jobs were gone in this pass and the one before. */
  async #lostJobs(stored: readonly Run[], suspects: Set<string>): Promise<Map<string, string[]>> {
    const jobs = new Map<string, JobPlace & { runId: string; taskId: string }>();
    for (const run of stored) {
      const graph = await this.#deps.runs.graphOf(run.version);
      for (const [taskId, { state, gen }] of run.tasks) {
        if (!isLive(state)) continue;
        const id = jobId(run.id, taskId, gen);
        jobs.set(id, { jobId: id, queue: graph && specOf(graph, taskId)?.queue, runId: run.id, taskId });
      }
    }
    const lost = new Map<string, string[]>();
    if (jobs.size === 0) return lost;
    for (const [id, state] of await this.#deps.queue.states([...jobs.values()])) {
      if (!LOST.has(state)) continue;
      suspects.add(id);
      if (!this.#suspects.has(id)) continue;
      const { runId, taskId } = jobs.get(id)!;
      lost.set(runId, [...(lost.get(runId) ?? []), taskId]);
    }
    return lost;
  }
}
