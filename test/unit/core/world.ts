import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import { type Graph, indexDag } from "#core/graph.ts";
import { jobId } from "#core/ids.ts";
import { cancelled, failed, succeeded } from "#core/outcome.ts";
import {
  isFinal,
  isLive,
  isRunFinal,
  NOT_STARTED,
  newRun,
  type Run,
  type TaskRun,
  type TaskState,
  TRANSITIONS,
} from "#core/run.ts";
import { type Decision, type RunEvent, type Step, step } from "#core/step.ts";
import type { TriggerRule } from "#core/trigger-rule.ts";
import { tasksOf } from "./arbitrary-dag.ts";

export interface DagShape {
  /** Words such as "a>b". */
  edges: readonly string[];
  empty?: readonly string[];
  allDone?: readonly string[];
}

/** How a worker ends a try. */
export type Ending = "success" | "failed" | "up_for_retry" | "restarting" | "cancelled";

interface Job {
  taskId: string;
  gen: number;
  tryBase: number;
  /** BullMQ's attemptsMade. */
  made: number;
  /** BullMQ's attemptsStarted. */
  started: number;
  /** The claim of the worker that holds it. */
  claim?: { try: number; epoch: number };
}

export function graphOf({ edges, empty = [], allDone = [] }: DagShape): Graph {
  const tasks = tasksOf(edges).map(({ id, upstream }) => {
    const triggerRule: TriggerRule = allDone.includes(id) ? "all_done" : "all_success";
    return { id, upstream, triggerRule, operator: empty.includes(id) ? "empty" : "noop" };
  });
  return indexDag(DagSpec.parse({ id: "dag", tasks }));
}

/**
 * Everything around `step`: the records as the Lua scripts keep them, a queue, workers, and a leader whose memory may lag behind. It checks
 * at every move what must always hold.
 */
export class World {
  readonly graph: Graph;
  readonly records = new Map<string, TaskRun>();
  readonly jobs = new Map<string, Job>();
  /** Jobs that ended as failed, which a person can retry. */
  readonly failedJobs = new Map<string, Job>();
  /** Every event that was ever sent. */
  readonly sent: RunEvent[] = [];
  /** Sent and not yet delivered. */
  readonly inbox: RunEvent[] = [];
  /** The leader's memory. */
  run: Run;
  /** The run's head as committed. */
  #stored: Run;
  #now = 1_000;

  constructor(graph: Graph) {
    this.graph = graph;
    this.run = newRun({ id: "dag~1", dagId: "dag", version: "v", trigger: { kind: "manual" }, conf: {}, createdAt: this.#now });
    this.#stored = this.run;
  }

  record(taskId: string): TaskRun {
    return this.records.get(taskId) ?? NOT_STARTED;
  }

  now(): number {
    return ++this.#now;
  }

  /** Steps the leader's memory and carries everything out. Returns what was decided, in words. */
  apply(...events: RunEvent[]): string[] {
    const before = this.run;
    const result = step(this.graph, before, events);
    assert.deepEqual(step(this.graph, before, events), result, "the same events lead to the same step");
    this.run = result.run;
    const moved = result.changes.length > 0 || result.run.state !== before.state;
    assert.ok(!moved || result.run.rev === before.rev + 1, "what moved must be committed");
    if (result.run.rev !== before.rev) this.#commit(before, result);
    for (const decision of result.decisions) this.#carryOut(decision);
    return [
      ...result.changes.filter(({ task }) => task.state !== "queued").map(({ taskId, task }) => `${taskId}=${task.state}`),
      ...result.decisions.map(inWords),
    ];
  }

  /** A message to the leader. */
  send(event: RunEvent): void {
    this.sent.push(event);
    this.inbox.push(event);
  }

  /** A worker takes the task's job. It may take a job that another worker holds: that one has lost its lock. */
  begin(id: string): void {
    const job = this.jobs.get(id);
    if (job === undefined) return;
    const record = this.record(job.taskId);
    const claim = { try: job.tryBase + job.made + 1, epoch: ++job.started };
    if (job.gen !== record.gen || claim.epoch <= record.epoch) return;
    const ahead = claim.try - record.try;
    const isNext = ahead === 1 && ["queued", "up_for_retry", "failed"].includes(record.state);
    const isSame = ahead === 0 && ["running", "restarting"].includes(record.state);
    if (!isNext && !isSame) return;
    job.claim = claim;
    this.#write(job.taskId, { ...record, ...claim, infra: isNext ? 0 : record.infra, state: "running", startedAt: this.now() });
    if (record.state === "failed")
      this.send({ type: "task.reopened", at: this.now(), taskId: job.taskId, task: this.record(job.taskId) });
  }

  /** The worker ends the try that it holds, unless it has lost it. */
  finish(id: string, ending: Ending): void {
    const job = this.jobs.get(id);
    if (job?.claim === undefined) return;
    const record = this.record(job.taskId);
    const { claim } = job;
    delete job.claim;
    if (record.state !== "running" || record.gen !== job.gen || record.try !== claim.try || record.epoch !== claim.epoch) return;
    this.#write(job.taskId, { ...record, ...ended(ending, this.now()), infra: record.infra + (ending === "restarting" ? 1 : 0) });
    this.send({ type: "task.ended", at: this.now(), taskId: job.taskId, task: this.record(job.taskId) });
    if (ending === "up_for_retry" || ending === "failed") job.made++;
    if (!isFinal(ending)) return;
    this.jobs.delete(id);
    if (ending === "failed") this.failedJobs.set(id, job);
  }

  /** A person presses Retry in Bull Board. */
  retry(id: string): void {
    const job = this.failedJobs.get(id);
    if (job === undefined || this.#stored.cancelAt !== undefined) return;
    this.failedJobs.delete(id);
    this.jobs.set(id, job);
  }

  requestCancel(): void {
    if (isRunFinal(this.#stored.state)) return;
    this.send({ type: "run.cancelRequested", at: this.now() });
  }

  /** The leader compares its memory with the records and with the queue. */
  reconcile(): string[] {
    const events: RunEvent[] = [this.#loaded()];
    for (const [taskId, task] of this.records) {
      if (isLive(task.state) && !this.jobs.has(jobId(this.run.id, taskId, task.gen))) {
        events.push({ type: "task.jobLost", at: this.now(), taskId, task });
      }
    }
    return this.apply(...events);
  }

  /** Another leader takes over and knows what is stored. */
  restartLeader(): string[] {
    this.run = { ...this.#stored, tasks: new Map(this.records) };
    return this.apply(this.#loaded());
  }

  #loaded(): RunEvent {
    const { cancelAt } = this.#stored;
    return { type: "run.loaded", at: this.now(), tasks: new Map(this.records), ...(cancelAt === undefined ? {} : { cancelAt }) };
  }

  /** As the Lua script: a task that has moved meanwhile is skipped, and the leader reads the run again. */
  #commit(before: Run, { run, changes }: Step): void {
    assert.equal(before.rev, this.#stored.rev, "one leader, one line of revisions");
    const apply = changes.filter(({ taskId, from }) => from.includes(this.record(taskId).state));
    const skipped = apply.length < changes.length;
    // A run must not end over a task that is somewhere else than the leader believes.
    const refused = skipped && isRunFinal(run.state);
    if (!refused) {
      this.#stored = run;
      const started = apply.filter(({ taskId, task }) => !STARTED.has(this.record(taskId).state) && STARTED.has(task.state));
      for (const { taskId, task } of apply) this.#write(taskId, task);
      for (const { taskId } of started) this.#mayStart(taskId);
      if (isRunFinal(run.state))
        for (const id of this.graph.tasks.keys())
          assert.ok(isFinal(this.record(id).state), `the run ended while ${id} was ${this.record(id).state}`);
    }
    if (skipped) this.restartLeader();
  }

  #mayStart(taskId: string): void {
    const spec = this.graph.tasks.get(taskId)!;
    for (const up of spec.upstream) {
      const { state } = this.record(up);
      assert.ok(
        spec.triggerRule === "all_done" ? isFinal(state) : state === "success",
        `${taskId} started while ${up} was ${state}`,
      );
    }
  }

  #write(taskId: string, task: TaskRun): void {
    const before = this.record(taskId);
    // A step may reopen a task and move it on in one.
    const legal =
      before.state === "upstream_failed" ? [...TRANSITIONS.upstream_failed, ...TRANSITIONS.none] : TRANSITIONS[before.state];
    // Two moves keep the state: a lost job's successor, and a worker that adopts another's pod.
    const isReplacement = before.state === "queued" && task.state === "queued" && task.gen === before.gen + 1;
    const isAdoption = before.state === "running" && task.state === "running" && task.epoch > before.epoch;
    assert.ok(isReplacement || isAdoption || legal.includes(task.state), `${taskId} went from ${before.state} to ${task.state}`);
    assert.ok(
      task.gen > before.gen || (task.gen === before.gen && task.try >= before.try),
      `${taskId} went back to an older try`,
    );
    this.records.set(taskId, task);
  }

  #carryOut(decision: Decision): void {
    if (decision.type === "enqueue") this.#enqueue(decision);
    if (decision.type === "stop") this.#stop(decision);
  }

  #enqueue({ taskId, gen, tryBase }: Extract<Decision, { type: "enqueue" }>): void {
    const id = jobId(this.run.id, taskId, gen);
    // The same order twice is one job.
    if (!this.jobs.has(id) && !this.failedJobs.has(id)) this.jobs.set(id, { taskId, gen, tryBase, made: 0, started: 0 });
  }

  /** A waiting task is cancelled by the leader; a running one is its worker's to end. */
  #stop({ taskId, gen }: Extract<Decision, { type: "stop" }>): void {
    const record = this.record(taskId);
    if (record.gen !== gen || !["queued", "up_for_retry", "restarting"].includes(record.state)) return;
    this.#write(taskId, { ...record, ...ended("cancelled", this.now()) });
    this.jobs.delete(jobId(this.run.id, taskId, gen));
    this.apply({ type: "task.ended", at: this.now(), taskId, task: this.record(taskId) });
  }
}

const STARTED: ReadonlySet<TaskState> = new Set(["queued", "running", "up_for_retry", "restarting", "success"]);

const OUTCOMES = { success: succeeded(), failed: failed("ExitCode", "user", "exit 1", 1), cancelled: cancelled("by hand") };

function ended(ending: Ending, at: number): Pick<TaskRun, "state" | "endedAt" | "outcome"> {
  const state: TaskState = ending;
  return { state, endedAt: at, outcome: OUTCOMES[ending === "success" || ending === "cancelled" ? ending : "failed"] };
}

function inWords(decision: Decision): string {
  switch (decision.type) {
    case "enqueue":
      return decision.gen === 1 ? `+${decision.taskId}` : `+${decision.taskId}#${decision.gen}`;
    case "stop":
      return `-${decision.taskId}`;
    case "endRun":
      return decision.state.toUpperCase();
    default:
      return decision satisfies never;
  }
}
