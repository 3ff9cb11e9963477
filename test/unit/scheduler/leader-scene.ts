import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import { newRun, type Run, type RunState, type TaskRun } from "#core/run.ts";
import type { JobOrder } from "#queue/job-order.ts";
import type { JobState } from "#queue/task-queue.ts";
import type { TaskQueues } from "#queue/task-queues.ts";
import { createLogger } from "#runtime/logger.ts";
import type { InboxEntry } from "#state/inbox-entry.ts";
import type { Commit, LeaderStore, Order } from "#state/leader-store.ts";
import { followInbox } from "../../../services/scheduler/inbox.ts";
import { LiveRuns } from "../../../services/scheduler/live-runs.ts";
import { Outbox } from "../../../services/scheduler/outbox.ts";
import { Reconciler } from "../../../services/scheduler/reconciler.ts";
import { RunStepper } from "../../../services/scheduler/run-stepper.ts";

/** `load`, then `report`; one run at a time. Every run of a scene executes it. */
const SPEC = DagSpec.parse({
  id: "etl",
  maxActiveRuns: 1,
  tasks: [
    { id: "load", operator: "noop" },
    { id: "report", operator: "noop", upstream: ["load"] },
  ],
});

const NOW = 9;

export const taskIn = (state: TaskRun["state"]): TaskRun => ({ state, gen: 1, try: 1, epoch: 1, infra: 0 });

export const runOf = (id: string, state: RunState, createdAt: number, tasks: Record<string, TaskRun> = {}): Run => ({
  ...newRun({ id, dagId: "etl", version: "v1", trigger: { kind: "manual" }, conf: {}, createdAt }),
  state,
  tasks: new Map(Object.entries(tasks)),
});

export const orderOf = (run: string): JobOrder => ({
  jobId: `${run}~load~1`,
  data: { dag: "etl", run, task: "load", gen: 1, version: "v1", tryBase: 0 },
  attempts: 1,
  retry: SPEC.tasks[0]!.retry,
});

/** A leader between a store and a queue in memory, which write down what they are asked and accept every commit. */
export class LeaderScene {
  /** What the store has; commits do not change it. */
  stored: readonly Run[];
  readonly jobs = new Map<string, JobState>();
  readonly commits: Commit[] = [];
  readonly added: string[] = [];
  readonly promoted: string[] = [];
  outbox: Order[] = [];
  /** Happens while the store says which runs are live. */
  meanwhile: () => Promise<unknown> = async () => undefined;
  readonly runs = new LiveRuns(async version => (version === "v1" ? SPEC : undefined));
  readonly #log = createLogger("test", { level: "silent" });
  readonly #stepper: RunStepper;
  readonly #reconciler: Reconciler;

  constructor(stored: readonly Run[]) {
    this.stored = stored;
    const [store, queue, log] = [this.#store(), this.#queue(), this.#log];
    const nobody = { notices: { add: async () => undefined }, assets: { update: async () => 0 } };
    const outbox = new Outbox({ queues: queue, ...nobody, store, log });
    const parts = { runs: this.runs, store, queue, outbox, now: () => NOW, log };
    const clock = { follow: () => undefined };
    this.#stepper = new RunStepper({ ...parts, clock, token: "t", onNotLeader: () => assert.fail("every commit is accepted") });
    this.#reconciler = new Reconciler({ ...parts, stepper: this.#stepper });
  }

  /** The runs as they were committed last. */
  committed(): string[] {
    return this.commits.map(({ run }) => `${run.id} ${run.state}`);
  }

  async reconcile(options?: { all: boolean }): Promise<void> {
    await this.#reconciler.pass(options);
    await this.#stepper.settled();
  }

  /** Takes what `take` gives, one batch a call, until it has nothing more. */
  async digest(...takes: (() => InboxEntry[])[]): Promise<void> {
    const stop = new AbortController();
    const take = async (): Promise<InboxEntry[]> => {
      const next = takes.shift();
      if (next !== undefined) return next();
      stop.abort();
      return [];
    };
    const pools = async () => [];
    const look = () => undefined;
    await followInbox({ take, runs: this.runs, stepper: this.#stepper, pools, look, log: this.#log }, stop.signal);
    await this.#stepper.settled();
  }

  #store(): LeaderStore {
    const store: Partial<LeaderStore> = {
      liveRuns: async () => {
        const ids = this.stored.map(run => run.id);
        await this.meanwhile();
        return ids;
      },
      loadRuns: async ids => this.stored.filter(run => ids.includes(run.id)),
      outbox: async () => this.outbox,
      acknowledge: async ids => {
        this.outbox = this.outbox.filter(({ jobId }) => !ids.includes(jobId));
      },
      commit: async commit => {
        this.commits.push(commit);
        return { result: "committed", skipped: [] };
      },
    };
    return store as LeaderStore;
  }

  #queue(): TaskQueues {
    const queue: Partial<TaskQueues> = {
      add: async orders => void this.added.push(...orders.map(({ jobId }) => jobId)),
      promote: async ({ jobId }) => {
        this.promoted.push(jobId);
        return true;
      },
      states: async places => new Map(places.map(({ jobId }) => [jobId, this.jobs.get(jobId) ?? "missing"])),
    };
    return queue as TaskQueues;
  }
}
