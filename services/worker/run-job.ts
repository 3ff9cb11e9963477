import type { TaskSpec } from "#core/dag-spec.ts";
import { failure, sentenceOf } from "#core/failure.ts";
import { cancelled, type Outcome, type PodRef, skipped } from "#core/outcome.ts";
import type { PodPatch } from "#core/pod/pod-patch.ts";
import type { PodTimeline } from "#core/pod-timeline.ts";
import type { JsonValue } from "#core/result.ts";
import { type Verdict, verdictOn } from "#core/retry.ts";
import type { TaskRun, TryRecord } from "#core/run.ts";
import type { HeldJob, JobEnd } from "#queue/held-job.ts";
import type { Logger } from "#runtime/logger.ts";
import type { Claim, ClaimStore } from "#state/claim-store.ts";
import type { DagTask } from "./dag-tasks.ts";

/** One claimed try, as an operator sees it. */
export interface TryRun {
  dagId: string;
  runId: string;
  task: TaskSpec;
  /** The DAG's part of every pod. */
  podDefaults: PodPatch | undefined;
  try: number;
  infra: number;
  /** Somebody may have launched this try before: look before creating. */
  mayExist: boolean;
  /** Instant of this claim. */
  at: number;
  /** Instant of the try's first claim. */
  begunAt: number;
  /** Tells the operations view and the task page what the try is doing. Advisory; off the hot path. */
  phase(phase: TryPhase): void;
}

export interface TryPhase {
  /** For example "creating", "starting", "running". */
  phase: string;
  /** Kubernetes' own word and sentence while it waits. */
  code?: string;
  message?: string;
  pod?: PodRef;
}

/** How an operator came back. `after` runs once the outcome is recorded and dependents are on their way. */
export type TryEnd =
  | {
      type: "ended";
      outcome: Outcome;
      /** What the task has written as its result. */
      output?: JsonValue;
      pod?: PodRef;
      timeline?: PodTimeline;
      startedAt?: number;
      /** Takes the outcome as it was recorded. */
      after?: (recorded: Outcome) => Promise<void>;
    }
  /** Nothing is wrong with the task: the cluster cannot take it or be seen. The same try goes on later, no budget is touched. */
  | { type: "postponed"; delayMs: number; code: string; message: string }
  /** Told to stop (drain, lock-lost): another worker goes on. */
  | { type: "stopped" };

/** Executes one try of one operator. Must settle soon after `signal` aborts; `signal.reason` is "cancel", "drain" or "lock-lost". */
export type Operator = (tryRun: TryRun, signal: AbortSignal) => Promise<TryEnd>;

export interface JobDeps {
  claims: ClaimStore;
  /** The task in that version of its DAG. */
  taskOf(version: string, taskId: string): Promise<DagTask | undefined>;
  operators: Readonly<Record<Exclude<TaskSpec["operator"], "empty">, Operator>>;
  /** Ends what belongs to a cancelled try without running it. */
  cancelTry: Operator;
  /** Takes over work that goes on after the outcome is recorded (the rest of the log, the pod's deletion). */
  aftercare(work: () => Promise<void>, what: string): void;
  worker: string;
  /** How long a try that infrastructure ended waits for its restart. Absent: as long as the verdict says. */
  infraDelayMs: number | undefined;
  now(): number;
  log: Logger;
}

/** The commit that goes with the job was refused or is still on its way: look again this much later. */
const EARLY_DELAY_MS = 1_000;

/** The story of a job: claim the try, run it, record how it ended, then tell BullMQ. Own state first, BullMQ second. */
export async function runJob(job: HeldJob, signal: AbortSignal, deps: JobDeps): Promise<JobEnd> {
  const { run: runId, task: taskId, gen, version, dag: dagId } = job.data;
  const fence = { runId, taskId, gen, try: job.try, epoch: job.epoch };
  const at = deps.now();
  const claim = await deps.claims.begin({ ...fence, worker: deps.worker, at });
  if (claim.answer !== "ok" && claim.answer !== "cancel" && claim.answer !== "reopened")
    return withoutClaim(claim.answer, claim.task);

  const known = claim.task!;
  const { task, podDefaults } = (await deps.taskOf(version, taskId)) ?? {};
  let end: TryEnd;
  if (task === undefined || task.operator === "empty") {
    end = {
      type: "ended",
      outcome: failure("SpecMissing", { evidence: `version ${version}, task '${taskId}'` }),
    };
  } else {
    const mayExist = job.epoch > 1 || known.infra > 0 || gen > 1;
    const phase = (phase: TryPhase) => void report(job, deps, fence, phase);
    const tryRun: TryRun = {
      dagId,
      runId,
      task,
      podDefaults,
      try: job.try,
      infra: known.infra,
      mayExist,
      at,
      begunAt: known.startedAt ?? at,
      phase,
    };
    const operator = claim.answer === "cancel" ? deps.cancelTry : deps.operators[task.operator];
    end = await operator(tryRun, signal);
  }
  return settle(end, job, known, task, deps);
}

/** What BullMQ is told when there was nothing to claim. */
function withoutClaim(answer: "replay" | "done" | "stale" | "early" | "gone", task: TaskRun | undefined): JobEnd {
  switch (answer) {
    case "replay":
      return { type: "retry", message: sentence(task?.outcome) };
    case "done":
      return task?.state === "failed" ? { type: "failed", message: sentence(task.outcome) } : { type: "done" };
    case "early":
      return { type: "defer", delayMs: EARLY_DELAY_MS };
    case "stale":
    case "gone":
      return { type: "done" };
    default:
      return answer satisfies never;
  }
}

async function settle(end: TryEnd, job: HeldJob, known: TaskRun, task: TaskSpec | undefined, deps: JobDeps): Promise<JobEnd> {
  if (end.type === "stopped") return { type: "hand-back" };
  const { run: runId, task: taskId, gen } = job.data;
  const fence = { runId, taskId, gen, try: job.try, epoch: job.epoch };
  const at = deps.now();
  const startedAt = known.startedAt ?? at;
  const base: TaskRun = { ...known, try: job.try, epoch: job.epoch, gen, worker: deps.worker, startedAt };

  if (end.type === "postponed") {
    const next: TaskRun = { ...base, state: "restarting", retryAt: at + end.delayMs };
    // Before the claim is given up: a note needs one.
    await report(job, deps, fence, { phase: "waiting", code: end.code, message: end.message });
    const accepted = await deps.claims.finish({ ...fence, next, at });
    void job.log(`postponed: ${end.code}: ${end.message}`);
    return accepted ? { type: "defer", delayMs: end.delayMs } : { type: "done" };
  }

  const { pod, output, timeline, after } = end;
  const verdict: Verdict = task ? verdictFor(task, end.outcome, job, known.infra, deps) : { state: "failed" };
  const outcome = asRecorded(end.outcome, verdict, known.infra);
  const infra = known.infra + (verdict.state === "restarting" ? 1 : 0);
  const next: TaskRun = {
    ...base,
    state: verdict.state,
    infra,
    endedAt: at,
    outcome,
    ...(pod ? { pod } : {}),
    ...("delayMs" in verdict ? { retryAt: at + verdict.delayMs } : {}),
  };
  const record: TryRecord = {
    try: job.try,
    infra: known.infra,
    state: verdict.state,
    startedAt,
    endedAt: at,
    worker: deps.worker,
    outcome,
    ...(pod ? { pod } : {}),
    ...(timeline ? { timeline } : {}),
  };
  const result = output === undefined || verdict.state !== "success" ? {} : { output };
  const accepted = await deps.claims.finish({ ...fence, next, record, ...result, at });
  if (!accepted) {
    // A successor holds the try, or the scheduler has ended it: the record stands, and so does the pod.
    deps.log.info({ event: "finish.refused", ...fence });
    return { type: "done" };
  }
  if (after) deps.aftercare(() => after(outcome), `${runId} ${taskId} try ${job.try}`);
  if (verdict.state !== "success") void job.log(`try ${job.try} ${verdict.state}: ${sentence(outcome)}`);
  return jobEnd(verdict, outcome);
}

function verdictFor(task: TaskSpec, outcome: Outcome, job: HeldJob, infra: number, { infraDelayMs }: JobDeps): Verdict {
  return verdictOn(outcome, job.try, infra, task.retry, `${job.data.run}.${task.id}`, { infraDelayMs });
}

/** The outcome as the task's rules make it. */
function asRecorded(outcome: Outcome, verdict: Verdict, infra: number): Outcome {
  if (verdict.state === "skipped" && outcome.result === "failed")
    return skipped(`${outcome.message}: skipOn names it`, outcome.exitCode);
  if (verdict.state === "failed" && (outcome.blame === "infra" || outcome.blame === "policy") && infra > 0) {
    return {
      ...outcome,
      message: `${outcome.message}; the try was restarted ${infra === 1 ? "once" : `${infra} times`}, and its infraRetries are used up`,
    };
  }
  return outcome;
}

function jobEnd(verdict: Verdict, outcome: Outcome): JobEnd {
  switch (verdict.state) {
    case "success":
    case "skipped":
      return { type: "done" };
    case "cancelled":
    case "failed":
      return { type: "failed", message: sentence(outcome) };
    case "up_for_retry":
      return { type: "retry", message: sentence(outcome), delayMs: verdict.delayMs };
    case "restarting":
      return { type: "defer", delayMs: verdict.delayMs };
    default:
      return verdict satisfies never;
  }
}

/** What Bull Board shows as the reason: code, our own sentence and Kubernetes' words, never a spec or a log. */
const sentence = (outcome: Outcome | undefined): string => sentenceOf(outcome ?? cancelled("ended")).slice(0, 500);

async function report(job: HeldJob, deps: JobDeps, fence: Omit<Claim, "try">, phase: TryPhase): Promise<void> {
  void job.progress({
    phase: phase.phase,
    ...(phase.code ? { code: phase.code } : {}),
    ...(phase.pod ? { pod: phase.pod.name } : {}),
  });
  const note = JSON.stringify({ ...phase, sinceAt: deps.now(), worker: deps.worker });
  await deps.claims.note({ ...fence, note }).catch(err => deps.log.warn({ event: "note.failed", ...fence, err }));
}
