import { failure } from "#core/failure.ts";
import { failureRow } from "#core/failure-codes.ts";
import { endText } from "./end-text.ts";
import { type ContainerStatus, isSidecar, type Pod } from "./pod.ts";
import type { WaitingTrouble } from "./waiting-reasons.ts";

/**
 * The first native sidecar that keeps the task from starting: the kubelet waits for it without end. Kubernetes 1.34 shows one that
 * crashes as `terminated` between its restarts, other versions as waiting with `CrashLoopBackOff`.
 */
export function sidecarTrouble(pod: Pod): WaitingTrouble | undefined {
  for (const status of pod.status.initContainerStatuses ?? []) {
    const code = isSidecar(pod, status.name) ? codeOf(status) : undefined;
    if (code === undefined) continue;
    return {
      graceMs: failureRow(code)?.graceMs ?? 0,
      outcome: failure(code, { container: status.name, evidence: stateText(status) }),
    };
  }
  return undefined;
}

function codeOf({ state = {}, started }: ContainerStatus): "CrashLoopBackOff" | "SidecarNotStarted" | undefined {
  if (state.terminated !== undefined || state.waiting?.reason === "CrashLoopBackOff") return "CrashLoopBackOff";
  return state.running !== undefined && started === false ? "SidecarNotStarted" : undefined;
}

function stateText({ state = {}, lastState = {}, restartCount = 0 }: ContainerStatus): string {
  const end = state.terminated ?? (state.running === undefined ? lastState.terminated : undefined);
  const restarts = restartCount === 0 ? "" : `, restarted ${restartCount} ${restartCount === 1 ? "time" : "times"}`;
  // Of a program that could not be started the message is the runtime's.
  const words = end?.reason === "StartError" ? `: ${end.message}` : "";
  return `${end === undefined ? "running" : endText(end)}${restarts}${words}`;
}
