import { failure, sentenceOf } from "#core/failure.ts";
import { cancelled, type Outcome, type PodRef, skipped } from "#core/outcome.ts";
import type { PodPatch } from "#core/pod/pod-patch.ts";
import type { PodTimeline } from "#core/pod-timeline.ts";
import type { JsonValue } from "#core/result.ts";
import { type Verdict, verdictOn } from "#core/retry.ts";
import type { TaskRun, TaskState, TryRecord } from "#core/run.ts";
import { SCHEDULER_OPERATORS, type TaskSpec, type WorkerOperator } from "#core/task-spec.ts";
import type { RenderedTexts } from "#core/template/rendered-texts.ts";
import type { HeldJob, JobEnd } from "#queue/held-job.ts";
import type { Logger } from "#runtime/logger.ts";
import type { Claim, ClaimStore } from "#state/claim-store.ts";
import type { DagTask } from "./dag-tasks.ts";
import type { Rendering, RenderRequest } from "./render-try.ts";

/** One claimed try, as an operator sees it. */
export interface TryRun {
  dagId: string;
  runId: string;
  task: TaskSpec;
  /** The DAG's part of every pod. */
  podDefaults: PodPatch | undefined;
  /** The DAG's functions, for a task that is one. */
  bundle?: string | undefined;
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
  /** What it waits for outside is not so yet: the job holds no worker until the try looks again. No budget is touched. */
  | { type: "deferred"; delayMs: number; code: string; message: string }
  /** Told to stop (drain, lock-lost): another worker goes on. */
  | { type: "stopped" };

/** Executes one try of one operator. Must settle soon after `signal` aborts; `signal.reason` is "cancel", "drain" or "lock-lost". */
export type Operator = (tryRun: TryRun, signal: AbortSignal) => Promise<TryEnd>;

export interface JobDeps {
  claims: Pick<ClaimStore, "begin" | "finish" | "note">;
  /** The task in that version of its DAG. */
  taskOf(version: string, taskId: string): Promise<DagTask | undefined>;
  /** Puts values in the place of the task's `{{ … }}`. */
  render(request: RenderRequest, of: DagTask): Promise<Rendering>;
  operators: Readonly<Record<WorkerOperator, Operator>>;
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

const isForWorkers = (task: TaskSpec): boolean => !(SCHEDULER_OPERATORS as readonly string[]).includes(task.operator);

/** The story of a job: claim the try, run it, record how it ended, then tell BullMQ. Own state first, BullMQ second. */
export async function runJob(job: HeldJob, signal: AbortSignal, deps: JobDeps): Promise<JobEnd> {
  const { run: runId, task: taskId, gen, version, dag: dagId } = job.data;
  const fence = { runId, taskId, gen, try: job.try, epoch: job.epoch };
  const at = deps.now();
  const claim = await deps.claims.begin({ ...fence, worker: deps.worker, at });
  if (claim.answer !== "ok" && claim.answer !== "cancel" && claim.answer !== "reopened")
    return withoutClaim(claim.answer, claim.task);

  const known = claim.task!;
  const found = await deps.taskOf(version, taskId);
  const isOurs = found !== undefined && isForWorkers(found.task);
  // What belongs to a cancelled try has a computed name: no text of the task is needed for it.
  const asIs = !isOurs || claim.answer === "cancel";
  const texts = asIs ? found : await deps.render({ runId, taskId, try: job.try }, found);
  let end: TryEnd;
  if (texts === undefined || !isOurs) {
    end = {
      type: "ended",
      outcome: failure("SpecMissing", { evidence: `version ${version}, task '${taskId}'` }),
    };
  } else if ("failure" in texts) {
    end = { type: "ended", outcome: texts.failure };
  } else {
    const { task, podDefaults } = texts;
    const mayExist = job.epoch > 1 || known.infra > 0 || gen > 1;
    const phase = (phase: TryPhase) => void report(job, deps, fence, phase);
    const tryRun: TryRun = {
      dagId,
      runId,
      task,
      podDefaults,
      bundle: found.bundle,
      try: job.try,
      infra: known.infra,
      mayExist,
      at,
      begunAt: known.startedAt ?? at,
      phase,
    };
    const operator = claim.answer === "cancel" ? deps.cancelTry : deps.operators[task.operator as WorkerOperator];
    end = await operator(tryRun, signal);
  }
  const rendered = texts !== undefined && "rendered" in texts ? texts.rendered : undefined;
  return settle(end, job, known, found?.task, { ...deps, before: claim.before, rendered, isRead: found?.isRead === true });
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

/** What there is after a claim: the state it was claimed in is undefined when the claim's answer had been lost. */
type SettleDeps = JobDeps & { before: TaskState | undefined; rendered: RenderedTexts | undefined; isRead: boolean };

async function settle(
  end: TryEnd,
  job: HeldJob,
  known: TaskRun,
  task: TaskSpec | undefined,
  { before, rendered, isRead, ...deps }: SettleDeps,
): Promise<JobEnd> {
  if (end.type === "stopped") return { type: "hand-back" };
  const { run: runId, task: taskId, gen } = job.data;
  const fence = { runId, taskId, gen, try: job.try, epoch: job.epoch };
  const at = deps.now();
  const startedAt = known.startedAt ?? at;
  const base: TaskRun = { ...known, try: job.try, epoch: job.epoch, gen, worker: deps.worker, startedAt };

  if (end.type !== "ended") {
    const next: TaskRun = { ...base, state: PAUSED[end.type], retryAt: at + end.delayMs };
    // Before the claim is given up: a note needs one.
    await report(job, deps, fence, { phase: "waiting", code: end.code, message: end.message });
    // A wait looks a thousand times: only the first look is a line of the history.
    const accepted = await deps.claims.finish({ ...fence, next, at, quiet: before === "deferred" && end.type === "deferred" });
    if (before !== "deferred") void job.log(`${end.type}: ${end.code}: ${end.message}`);
    return accepted ? { type: "defer", delayMs: end.delayMs } : { type: "done" };
  }

  const { pod, output, timeline, after } = end;
  const verdict: Verdict = task ? verdictFor(task, end.outcome, job, known, deps) : { state: "failed" };
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
    ...(rendered ? { rendered } : {}),
  };
  const result = output === undefined || verdict.state !== "success" ? {} : { output };
  // What the scheduler itself needs to go on is part of the record.
  const shown = isRead ? { ...next, ...result } : next;
  const accepted = await deps.claims.finish({ ...fence, next: shown, record, ...result, at });
  if (!accepted) {
    // A successor holds the try, or the scheduler has ended it: the record stands, and so does the pod.
    deps.log.info({ event: "finish.refused", ...fence });
    return { type: "done" };
  }
  if (after) deps.aftercare(() => after(outcome), `${runId} ${taskId} try ${job.try}`);
  if (verdict.state !== "success") void job.log(`try ${job.try} ${verdict.state}: ${sentence(outcome)}`);
  return jobEnd(verdict, outcome);
}

function verdictFor(
  task: TaskSpec,
  outcome: Outcome,
  job: HeldJob,
  { infra, floor = 0 }: TaskRun,
  { infraDelayMs }: JobDeps,
): Verdict {
  return verdictOn(outcome, job.try - floor, infra, task.retry, `${job.data.run}.${task.id}`, { infraDelayMs });
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

/** The state of a try that goes on later by itself. */
const PAUSED = { postponed: "restarting", deferred: "deferred" } as const;

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
