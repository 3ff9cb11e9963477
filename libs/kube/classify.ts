import { failure } from "#core/failure.ts";
import { FAILURES, type FailureCode, failureRow } from "#core/failure-codes.ts";
import { cancelled, type Outcome, type PodRef, succeeded } from "#core/outcome.ts";
import { endText } from "./end-text.ts";
import {
  containerStatus,
  isSidecar,
  MAIN_CONTAINER,
  type Pod,
  type PodCondition,
  podRef,
  type Terminated,
  terminatedState,
} from "./pod.ts";
import { sidecarTrouble } from "./sidecar-trouble.ts";
import { statusReasonOutcome } from "./status-reasons.ts";
import { type WaitingTrouble, waitingTrouble } from "./waiting-reasons.ts";

/** What a pod's state means for its try. */
export interface Observation {
  /** queued: held back by a gate · starting: no container yet · stopping: asked to end · ended: the try is over. */
  state: "queued" | "starting" | "running" | "stopping" | "ended";
  /** Stable, for alerts: "ContainerCreating", "ImagePullBackOff", "Unschedulable", "Running", "Completed", "ExitCode", … */
  code: string;
  message: string;
  pod: PodRef;
  /** How the try ended, in state "ended". */
  outcome?: Outcome;
  /** How long this may stay so, counted from `sinceAt`; absent: as long as it likes. */
  graceMs?: number;
  /** The try's outcome once `graceMs` is over. */
  overdue?: Outcome;
  /** When the cluster began to count, in ms. */
  sinceAt?: number;
  /** Of the main container, in ms. */
  startedAt?: number;
  endedAt?: number;
  /** What the main container wrote to its termination message file; after a failure the end of its log. */
  terminationMessage?: string;
  /** Times the main container was restarted although it must not be: the work may have been done twice. */
  restarts?: number;
}

export interface ClassifyOptions {
  /** We asked for the deletion: true means that the run was cancelled, else the outcome that led to it (a timeout, say). */
  deletedByUs?: boolean | Outcome | undefined;
}

/** After its grace a pod is gone within seconds, unless nobody is left on its node to say so. */
const NODE_LOST_GRACE_MS = 120_000;

/**
 * Decides by the main container and the conditions; the phase only where there is no container status, because it lags
 * behind by a second and stays Running beside a sidecar. Pure.
 */
export function classify(pod: Pod, { deletedByUs = false }: ClassifyOptions = {}): Observation {
  const view = { pod, stopped: stoppedOutcome(deletedByUs), main: terminatedState(pod) };
  const outcome = ended(view);
  const status = containerStatus(pod, MAIN_CONTAINER);
  const startedAt = toMs(view.main?.startedAt ?? status?.state?.running?.startedAt);
  const endedAt = toMs(view.main?.finishedAt);
  return {
    ...(outcome === undefined ? going(view) : { state: "ended" as const, code: outcome.code, message: outcome.message, outcome }),
    pod: podRef(pod),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(view.main?.message === undefined ? {} : { terminationMessage: view.main.message }),
    ...(status?.restartCount ? { restarts: status.restartCount } : {}),
  };
}

/**
 * The outcome of a try whose pod is gone, proven by a 404.
 * @param last the last state seen; undefined when the pod was never seen
 */
export function classifyGone(last: Pod | undefined, options: ClassifyOptions = {}): Outcome {
  const stopped = stoppedOutcome(options.deletedByUs ?? false);
  const known = last === undefined ? undefined : classify(last, options).outcome;
  if (known !== undefined) return known;
  if (stopped !== undefined) return stopped;
  if (last?.metadata.deletionTimestamp !== undefined) return failure("PodDeleted");
  return failure("PodVanished");
}

interface View {
  pod: Pod;
  /** The outcome when we stopped the pod ourselves. */
  stopped: Outcome | undefined;
  main: Terminated | undefined;
}

const stoppedOutcome = (deletedByUs: boolean | Outcome): Outcome | undefined =>
  typeof deletedByUs === "object" ? deletedByUs : deletedByUs ? cancelled("stopped by Windlass") : undefined;

/** The order matters: a disruption looks like an exit code, and a deadline leaves container states behind that say "running". */
function ended(view: View): Outcome | undefined {
  return (
    success(view) ?? stopped(view) ?? disrupted(view) ?? podRefused(view) ?? initFailed(view) ?? exited(view) ?? phaseOnly(view)
  );
}

function success({ pod, main, stopped }: View): Outcome | undefined {
  if (main?.exitCode !== 0 || isLost(main)) return undefined;
  const disruption = trueCondition(pod, "DisruptionTarget");
  const askedAt = disruption === undefined ? deletionAskedAt(pod) : toMs(disruption.lastTransitionTime);
  const finishedAt = toMs(main.finishedAt);
  // A process that is asked to stop and exits with 0 looks exactly like one that was done.
  if (askedAt === undefined || finishedAt === undefined || askedAt > finishedAt) return succeeded();
  if (disruption === undefined && stopped !== undefined) return stopped;
  const reason = disruption?.reason ?? "the pod was deleted by someone else";
  return failure("InterruptedExit0", {
    exitCode: 0,
    container: MAIN_CONTAINER,
    values: { reason },
    evidence: disruption?.message,
  });
}

function stopped({ pod, main, stopped }: View): Outcome | undefined {
  return main !== undefined || pod.status.phase === "Failed" ? stopped : undefined;
}

function disrupted({ pod, main }: View): Outcome | undefined {
  const over = main !== undefined || pod.status.phase === "Failed";
  const disruption = trueCondition(pod, "DisruptionTarget");
  if (disruption !== undefined && over) {
    const { reason = "Disrupted", message } = disruption;
    return failure("Disrupted", { exitCode: main?.exitCode, values: { reason }, evidence: message });
  }
  const preempted = trueCondition(pod, "TerminationTarget");
  if (preempted === undefined || !(over || pod.metadata.deletionTimestamp !== undefined)) return undefined;
  return failure("KueuePreempted", { exitCode: main?.exitCode, evidence: preempted.message });
}

function podRefused({ pod }: View): Outcome | undefined {
  return statusReasonOutcome(pod.status);
}

function initFailed({ pod }: View): Outcome | undefined {
  const bad = pod.status.initContainerStatuses?.find(
    ({ name, state }) => state?.terminated !== undefined && state.terminated.exitCode !== 0 && !isSidecar(pod, name),
  );
  if (bad === undefined) return undefined;
  const end = bad.state!.terminated!;
  const code = end.reason === "OOMKilled" ? "InitOOMKilled" : "InitContainerFailed";
  return failure(code, { exitCode: end.exitCode, container: bad.name, evidence: endText(end) });
}

function exited({ pod, main }: View): Outcome | undefined {
  if (main === undefined) return undefined;
  const { exitCode, reason = "", message } = main;
  const container = MAIN_CONTAINER;
  const evidence = endText(main);
  if (reason === "OOMKilled") return failure("OOMKilled", { exitCode, container, values: { limit: memoryLimit(pod) }, evidence });
  // Of the two words for it only this one comes with the kubelet's own message; beside the other one stands the log's end.
  const words = reason === "ContainerStatusUnknown" ? message : undefined;
  if (isLost(main)) return failure("ContainerLost", { exitCode, container, evidence: words ?? evidence });
  // The runtime's words: there was no process that could have written any.
  if (reason === "StartError" || reason === "ContainerCannotRun") {
    return failure("StartError", { exitCode, container, evidence: message });
  }
  if (wasDeletedBefore(pod, main)) return failure("PodDeleted", { exitCode, container, evidence });
  return failure("ExitCode", { exitCode, container, values: { signal: signalNote(exitCode) }, evidence });
}

function phaseOnly({ pod, main }: View): Outcome | undefined {
  const { phase, reason, message } = pod.status;
  if (main !== undefined) return undefined;
  if (phase === "Succeeded") return succeeded("Completed", "there is no status of the main container");
  if (phase !== "Failed") return undefined;
  return failure("Failed", { evidence: [reason, message].filter(Boolean).join(": ") });
}

type Going = Pick<Observation, "state" | "code" | "message" | "graceMs" | "overdue" | "sinceAt">;

/** A pod that has not ended. */
function going({ pod, stopped }: View): Going {
  const { status, metadata } = pod;
  if (metadata.deletionTimestamp !== undefined) {
    const overdue = stopped ?? failure("NodeLost", { evidence: trueCondition(pod, "DisruptionTarget")?.message });
    const sinceAt = toMs(metadata.deletionTimestamp);
    return {
      state: "stopping",
      code: "Stopping",
      message: "",
      graceMs: NODE_LOST_GRACE_MS,
      overdue,
      ...(sinceAt === undefined ? {} : { sinceAt }),
    };
  }
  const mainRuns = containerStatus(pod, MAIN_CONTAINER)?.state?.running !== undefined;
  const stuck = mainRuns ? undefined : sidecarTrouble(pod);
  if (stuck?.outcome.code === "CrashLoopBackOff") {
    const { code, message, evidence = "" } = stuck.outcome;
    return troubled(pod, code, `${message}: ${evidence}`, stuck);
  }
  const waiting = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].filter(
    item => item.state?.waiting && !(mainRuns && isSidecar(pod, item.name)),
  );
  for (const { name, state } of waiting) {
    const { reason = "", message = "" } = state!.waiting!;
    const trouble = waitingTrouble(name, reason, message);
    if (trouble !== undefined) return troubled(pod, reason, message, trouble);
  }
  if (mainRuns || status.phase === "Running") return { state: "running", code: "Running", message: "" };
  const scheduled = status.conditions?.find(condition => condition.type === "PodScheduled");
  if (scheduled?.status === "False") {
    const { reason = "Unschedulable", message = "" } = scheduled;
    if (reason === "SchedulingGated") return { state: "queued", code: reason, message };
    const overdue = failure(withoutNode(reason, message), { evidence: message });
    return starting(pod, reason, message, overdue, FAILURES.Unschedulable.graceMs);
  }
  const { reason = "Pending", message = "" } = waiting[0]?.state?.waiting ?? {};
  const overdue = stuck?.outcome ?? failure("StartTimeout", { values: { reason }, evidence: message });
  return starting(pod, reason, message, overdue);
}

const MISSING_CLAIM = /persistentvolumeclaim "[^"]+" not found/;

function withoutNode(reason: string, message: string): FailureCode {
  if (MISSING_CLAIM.test(message)) return "VolumeMissing";
  return reason === "SchedulerError" ? reason : "Unschedulable";
}

function starting(
  pod: Pod,
  code: string,
  message: string,
  overdue: Outcome,
  graceMs: number = failureRow(overdue.code)?.graceMs ?? 0,
): Going {
  const sinceAt = startingSince(pod);
  return { state: "starting", code, message, graceMs, overdue, ...(sinceAt === undefined ? {} : { sinceAt }) };
}

/** A container's trouble begins when it is its turn: behind the init containers that are done. */
function troubled(pod: Pod, code: string, message: string, { outcome, graceMs }: WaitingTrouble): Going {
  const done = pod.status.initContainerStatuses?.filter(({ name }) => !isSidecar(pod, name)) ?? [];
  const since = [startingSince(pod), ...done.map(({ state }) => toMs(state?.terminated?.finishedAt))];
  const sinceAt = Math.max(...since.filter(at => at !== undefined));
  return { state: "starting", code, message, graceMs, overdue: outcome, ...(sinceAt > 0 ? { sinceAt } : {}) };
}

/** The last thing that succeeded on the way to a container. */
function startingSince({ status, metadata }: Pod): number | undefined {
  const steps = ["PodReadyToStartContainers", "Initialized", "PodScheduled"];
  const instants = steps.map(type =>
    status.conditions?.find(condition => condition.type === type && condition.status === "True"),
  );
  const latest = instants.map(condition => toMs(condition?.lastTransitionTime)).filter(at => at !== undefined);
  return latest.length > 0 ? Math.max(...latest) : toMs(metadata.creationTimestamp);
}

const trueCondition = (pod: Pod, type: string): PodCondition | undefined =>
  pod.status.conditions?.find(condition => condition.type === type && condition.status === "True");

/** The node came back, or the runtime forgot: the exit code is made up. */
const isLost = ({ reason, exitCode }: Terminated): boolean =>
  reason === "ContainerStatusUnknown" || (reason === "Unknown" && (exitCode === 255 || exitCode === 0));

/**
 * deletionTimestamp lies one grace after the request. When the kubelet lets the pod go, both are overwritten (grace 0):
 * then nothing tells any more when the request came.
 */
function deletionAskedAt({ metadata }: Pod): number | undefined {
  const dueAt = toMs(metadata.deletionTimestamp);
  const graceSeconds = metadata.deletionGracePeriodSeconds;
  return dueAt === undefined || !graceSeconds ? undefined : dueAt - graceSeconds * 1_000;
}

const STOP_SIGNAL_CODES: ReadonlySet<number> = new Set([128 + 9, 128 + 15]);

function wasDeletedBefore(pod: Pod, { exitCode, finishedAt }: Terminated): boolean {
  if (pod.metadata.deletionTimestamp === undefined) return false;
  const askedAt = deletionAskedAt(pod);
  const at = toMs(finishedAt);
  return askedAt === undefined || at === undefined ? STOP_SIGNAL_CODES.has(exitCode) : askedAt <= at;
}

function memoryLimit(pod: Pod): string {
  const limit = pod.spec.containers.find(({ name }) => name === MAIN_CONTAINER)?.resources?.limits?.memory;
  return limit === undefined ? "the node had" : `its limit of ${limit}`;
}

function signalNote(exitCode: number): string {
  if (exitCode <= 128 || exitCode >= 160) return "";
  return ` (signal ${exitCode - 128}${exitCode === 137 ? ": killed; out of memory in a child process is one cause" : ""})`;
}

/** RFC 3339 → ms; undefined when it is absent or no instant. */
function toMs(instant: string | undefined): number | undefined {
  const ms = Date.parse(instant ?? "");
  return Number.isNaN(ms) ? undefined : ms;
}
