import type { TaskSpec } from "#core/dag-spec.ts";
import { cancelled, failed, type Outcome, type PodRef } from "#core/outcome.ts";
import { type Verdict, verdictOn } from "#core/retry.ts";
import type { TaskRun, TryRecord } from "#core/run.ts";
import type { HeldJob, JobEnd } from "#queue/held-job.ts";
import type { Logger } from "#runtime/logger.ts";
import type { Claim, ClaimStore } from "#state/claim-store.ts";

/** One claimed try, as an operator sees it. */
export interface TryRun {
  dagId: string;
  runId: string;
  task: TaskSpec;
  try: number;
  infra: number;
  /** Somebody may have launched this try before: look before creating. */
  mayExist: boolean;
  /** Instant of this claim. */
  at: number;
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
  | { type: "ended"; outcome: Outcome; pod?: PodRef; startedAt?: number; after?: () => Promise<void> }
  /** Nothing is wrong with the task: the cluster cannot take it or be seen. The same try goes on later, no budget is touched. */
  | { type: "postponed"; delayMs: number; message: string }
  /** Told to stop (drain, lock-lost): another worker goes on. */
  | { type: "stopped" };

/** Executes one try of one operator. Must settle soon after `signal` aborts; `signal.reason` is "cancel", "drain" or "lock-lost". */
export type Operator = (tryRun: TryRun, signal: AbortSignal) => Promise<TryEnd>;

export interface JobDeps {
  claims: ClaimStore;
  /** The task's spec in that version of its DAG. */
  taskSpec(version: string, taskId: string): Promise<TaskSpec | undefined>;
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
  const task = await deps.taskSpec(version, taskId);
  let end: TryEnd;
  if (task === undefined || task.operator === "empty") {
    end = {
      type: "ended",
      outcome: failed("SpecMissing", "config", `the DAG version ${version} has no task '${taskId}' to run`),
    };
  } else {
    const mayExist = job.epoch > 1 || known.infra > 0 || gen > 1;
    const phase = (phase: TryPhase) => report(job, deps, fence, phase);
    const tryRun: TryRun = { dagId, runId, task, try: job.try, infra: known.infra, mayExist, at, phase };
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
    const accepted = await deps.claims.finish({ ...fence, next, at });
    void job.log(`postponed: ${end.message}`);
    return accepted ? { type: "defer", delayMs: end.delayMs } : { type: "done" };
  }

  const { outcome, pod } = end;
  const verdict = task ? verdictFor(task, outcome, job, known.infra, deps) : ({ state: "failed" } as const);
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
  };
  const accepted = await deps.claims.finish({ ...fence, next, record, at });
  if (!accepted) {
    // A successor holds the try, or the scheduler has ended it: the record stands, and so does the pod.
    deps.log.info({ event: "finish.refused", ...fence });
    return { type: "done" };
  }
  if (end.after) deps.aftercare(end.after, `${runId} ${taskId} try ${job.try}`);
  if (verdict.state !== "success") void job.log(`try ${job.try} ${verdict.state}: ${sentence(outcome)}`);
  return jobEnd(verdict, outcome);
}

function verdictFor(task: TaskSpec, outcome: Outcome, job: HeldJob, infra: number, { infraDelayMs }: JobDeps): Verdict {
  const verdict = verdictOn(outcome, job.try, infra, task.retry, `${job.data.run}.${task.id}`);
  return verdict.state === "restarting" && infraDelayMs !== undefined ? { ...verdict, delayMs: infraDelayMs } : verdict;
}

function jobEnd(verdict: Verdict, outcome: Outcome): JobEnd {
  switch (verdict.state) {
    case "success":
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

/** What Bull Board shows as the reason: code and our own sentence, never a spec or a log. */
function sentence(outcome: Outcome | undefined): string {
  const { code, message } = outcome ?? cancelled("ended");
  return message ? `${code}: ${message}`.slice(0, 500) : code;
}

function report(job: HeldJob, deps: JobDeps, fence: Omit<Claim, "try">, phase: TryPhase): void {
  void job.progress({
    phase: phase.phase,
    ...(phase.code ? { code: phase.code } : {}),
    ...(phase.pod ? { pod: phase.pod.name } : {}),
  });
  const note = JSON.stringify({ ...phase, sinceAt: deps.now(), worker: deps.worker });
  deps.claims.note({ ...fence, note }).catch(err => deps.log.warn({ event: "note.failed", ...fence, err }));
}
