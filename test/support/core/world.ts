import assert from "node:assert/strict";
import type { Act, PendingAct } from "#core/act.ts";
import type { Decision, Step } from "#core/decision.ts";
import { type Gate, OPEN_GATE } from "#core/gate.ts";
import { type Graph, specOf } from "#core/graph.ts";
import { jobId } from "#core/ids.ts";
import { specIdOf } from "#core/instance-id.ts";
import { cancelled, failed, skipped, succeeded } from "#core/outcome.ts";
import type { JsonValue } from "#core/result.ts";
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
import { type RunEvent, step } from "#core/step.ts";
import { mayStart } from "./airflow-rules.ts";

/** How a worker ends a try. */
export type Ending = "success" | "failed" | "skipped" | "up_for_retry" | "restarting" | "deferred" | "cancelled";

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
  /** Somebody wants it stopped. */
  stopped?: true;
}

export interface WorldOptions {
  gate?: Gate;
  conf?: Readonly<Record<string, unknown>>;
  /** Told of every record that is written. */
  onWrite?: (taskId: string, before: TaskRun, after: TaskRun) => void;
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
  /** Acts that are not done, as the store keeps them. */
  readonly acts = new Map<string, PendingAct>();
  /** By task: the pod that runs. */
  readonly pods = new Map<string, string>();
  /** Every pod there ever was. */
  readonly launched = new Set<string>();
  /** Every event that was ever sent. */
  readonly sent: RunEvent[] = [];
  /** Sent and not yet delivered. */
  readonly inbox: RunEvent[] = [];
  /** Names of notices and asset updates, each as often as it was decided. */
  readonly told = new Map<string, number>();
  /** The leader's memory. */
  run: Run;
  /** The run's head as committed. */
  #stored: Run;
  readonly #options: WorldOptions;
  #cancelRequested = false;
  #acted = 0;
  #now = 1_000;

  constructor(graph: Graph, options: WorldOptions = {}) {
    this.graph = graph;
    this.#options = options;
    const { conf = {} } = options;
    this.run = newRun({ id: "dag~1", dagId: "dag", version: "v", trigger: { kind: "manual" }, conf, createdAt: this.#now });
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
    const result = step(this.graph, before, events, this.#options.gate ?? OPEN_GATE);
    if (this.#options.gate === undefined)
      assert.deepEqual(step(this.graph, before, events), result, "the same events lead to the same step");
    this.run = result.run;
    const moved = result.changes.length > 0 || result.acts.length > 0 || result.run.state !== before.state;
    assert.ok(!moved || result.run.rev === before.rev + 1, "what moved must be committed");
    if (result.run.rev !== before.rev) this.#commit(before, result);
    // Jobs go with the commit; everything else comes after it.
    const isJob = ({ type }: Decision) => type === "enqueue";
    for (const decision of result.decisions.filter(isJob)) this.#carryOut(decision);
    for (const decision of result.decisions) if (!isJob(decision)) this.#carryOut(decision);
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
    if (job.gen !== record.gen) return void this.jobs.delete(id);
    if (claim.epoch <= record.epoch) return;
    if (isFinal(record.state) && record.state !== "failed") return void this.jobs.delete(id);
    const ahead = claim.try - record.try;
    // As the Lua script: nobody reopens a task of a run that is being cancelled.
    if (record.state === "failed" && this.#cancelRequested) return void this.jobs.delete(id);
    const isNext = ahead === 1 && ["queued", "up_for_retry", "failed"].includes(record.state);
    const isSame = ahead === 0 && ["running", "restarting", "deferred"].includes(record.state);
    if (!isNext && !isSame) return;
    job.claim = claim;
    const infra = record.state === "up_for_retry" || record.state === "failed" ? 0 : record.infra;
    this.#launch(job.taskId, claim.try, infra);
    this.#write(job.taskId, { ...record, ...claim, infra, state: "running", startedAt: this.now() });
    if (record.state === "failed")
      this.send({ type: "task.reopened", at: this.now(), taskId: job.taskId, task: this.record(job.taskId) });
  }

  /** One pod per try: whoever claims a try finds the pod by its name, and another one of the task must be gone. */
  #launch(taskId: string, tryNumber: number, infra: number): void {
    const name = `${taskId}/${tryNumber}.${infra}`;
    const other = this.pods.get(taskId);
    assert.ok(other === undefined || other === name, `${name} was launched beside ${other}`);
    this.pods.set(taskId, name);
    this.launched.add(name);
  }

  /** The worker ends the try that it holds, unless it has lost it. */
  finish(id: string, ending: Ending, output?: JsonValue): void {
    const job = this.jobs.get(id);
    if (job?.claim === undefined) return;
    const record = this.record(job.taskId);
    const { claim } = job;
    delete job.claim;
    if (record.state !== "running" || record.gen !== job.gen || record.try !== claim.try || record.epoch !== claim.epoch) return;
    this.pods.delete(job.taskId);
    this.#write(job.taskId, {
      ...record,
      ...ended(ending, this.now()),
      infra: record.infra + (ending === "restarting" ? 1 : 0),
      ...(output === undefined ? {} : { output }),
    });
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
    this.#cancelRequested = true;
    this.send({ type: "run.cancelRequested", at: this.now() });
  }

  /** A person acts: it is written beside the run, and the leader is told. */
  act(act: Act): void {
    const pending = { id: `act${++this.#acted}`, at: this.now(), by: "ann", act };
    this.acts.set(pending.id, pending);
    this.send({ type: "run.acted", ...pending });
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
    const { progress: _, ...stored } = this.#stored;
    this.run = { ...stored, tasks: new Map(this.records), acts: new Map(this.acts) };
    return this.apply({ ...this.#loaded(), first: true });
  }

  #loaded(): Extract<RunEvent, { type: "run.loaded" }> {
    const { cancelAt } = this.#stored;
    return {
      type: "run.loaded",
      at: this.now(),
      tasks: new Map(this.records),
      acts: [...this.acts.values()],
      ...(cancelAt === undefined ? {} : { cancelAt }),
    };
  }

  /** As the Lua script: a task that has moved meanwhile is skipped, and the leader reads the run again. */
  #commit(before: Run, { run, changes, acts }: Step): void {
    assert.equal(before.rev, this.#stored.rev, "one leader, one line of revisions");
    const apply = changes.filter(({ taskId, from }) => from.includes(this.record(taskId).state));
    const wasSkipped = apply.length < changes.length;
    // A run must not end over a task that is somewhere else than the leader believes.
    const refused = wasSkipped && isRunFinal(run.state);
    if (!refused) {
      this.#stored = run;
      if (run.cancelAt === undefined) this.#cancelRequested = false;
      const started = apply.filter(({ taskId, task }) => !STARTED.has(this.record(taskId).state) && STARTED.has(task.state));
      for (const { taskId, task } of apply) this.#write(taskId, task);
      for (const { taskId, task } of started) if (task.reason?.code !== "marked") this.#mayStart(taskId);
      for (const { id, rest } of acts) {
        if (rest === undefined) this.acts.delete(id);
        else this.acts.set(id, rest);
      }
      if (isRunFinal(run.state))
        for (const id of this.graph.tasks.keys())
          assert.ok(isFinal(this.record(id).state), `the run ended while ${id} was ${this.record(id).state}`);
    }
    if (wasSkipped) this.restartLeader();
  }

  #mayStart(taskId: string): void {
    const spec = specOf(this.graph, taskId)!;
    if (specIdOf(taskId) !== taskId) return assert.equal(this.record(spec.id).state, "mapped", `${taskId} started`);
    if (spec.teardown !== undefined) return;
    const states = spec.upstream.map(up => this.record(up).state);
    const about = `${taskId} started by ${spec.triggerRule} after ${spec.upstream.map((up, i) => `${up} ${states[i]}`).join(", ")}`;
    assert.ok(mayStart(spec.triggerRule, states), about);
  }

  #write(taskId: string, task: TaskRun): void {
    const before = this.record(taskId);
    // A step may set a task back and move it on in one.
    const legal = TRANSITIONS[before.state].includes("none")
      ? [...TRANSITIONS[before.state], ...TRANSITIONS.none]
      : TRANSITIONS[before.state];
    // Two moves keep the state: a lost job's successor, and a worker that adopts another's pod.
    const isReplacement = before.state === "queued" && task.state === "queued" && task.gen === before.gen + 1;
    const isAdoption = before.state === "running" && task.state === "running" && task.epoch > before.epoch;
    const isNothing = before.state === task.state && before.gen === task.gen;
    assert.ok(
      isReplacement || isAdoption || isNothing || legal.includes(task.state),
      `${taskId} went from ${before.state} to ${task.state}`,
    );
    assert.ok(
      task.gen > before.gen || (task.gen === before.gen && task.try >= before.try),
      `${taskId} went back to an older try`,
    );
    this.#options.onWrite?.(taskId, before, task);
    this.records.set(taskId, task);
  }

  #carryOut(decision: Decision): void {
    switch (decision.type) {
      case "enqueue":
        return this.#enqueue(decision);
      case "stop":
        return this.#stop(decision);
      case "notify":
      case "updateAssets": {
        const name = inWords(decision);
        this.told.set(name, (this.told.get(name) ?? 0) + 1);
        return;
      }
      case "promote":
      case "endRun":
        return;
      default:
        decision satisfies never;
    }
  }

  #enqueue({ taskId, gen, tryBase }: Extract<Decision, { type: "enqueue" }>): void {
    const id = jobId(this.run.id, taskId, gen);
    // The same order twice is one job.
    if (!this.jobs.has(id) && !this.failedJobs.has(id)) this.jobs.set(id, { taskId, gen, tryBase, made: 0, started: 0 });
  }

  /** A waiting task is cancelled by the leader; a running one is its worker's to end. */
  #stop({ taskId, gen }: Extract<Decision, { type: "stop" }>): void {
    const record = this.record(taskId);
    const held = this.jobs.get(jobId(this.run.id, taskId, gen));
    if (held !== undefined) held.stopped = true;
    if (record.gen !== gen || !["queued", "up_for_retry", "restarting", "deferred"].includes(record.state)) return;
    this.#write(taskId, { ...record, ...ended("cancelled", this.now()) });
    this.jobs.delete(jobId(this.run.id, taskId, gen));
    this.apply({ type: "task.ended", at: this.now(), taskId, task: this.record(taskId) });
  }
}

const STARTED: ReadonlySet<TaskState> = new Set([
  "mapped",
  "queued",
  "running",
  "deferred",
  "up_for_retry",
  "restarting",
  "success",
]);

const OUTCOMES = {
  success: succeeded(),
  failed: failed("ExitCode", "user", "exit 1", 1),
  skipped: skipped("by its exit code"),
  cancelled: cancelled("by hand"),
};

function ended(ending: Ending, at: number): Pick<TaskRun, "state" | "endedAt" | "outcome"> {
  const outcome = ending in OUTCOMES ? OUTCOMES[ending as keyof typeof OUTCOMES] : OUTCOMES.failed;
  return { state: ending, endedAt: at, outcome };
}

function inWords(decision: Decision): string {
  switch (decision.type) {
    case "enqueue":
      return decision.gen === 1 ? `+${decision.taskId}` : `+${decision.taskId}#${decision.gen}`;
    case "stop":
      return `-${decision.taskId}`;
    case "endRun":
      return decision.state.toUpperCase();
    case "promote":
      return `!${decision.taskId}`;
    case "notify":
      return `${decision.moment}(${decision.taskId ?? ""}${decision.try === undefined ? "" : `#${decision.try}`})`;
    case "updateAssets":
      return `${decision.taskId} updates ${decision.assets.join(", ")}`;
    default:
      return decision satisfies never;
  }
}
