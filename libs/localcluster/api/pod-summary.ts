import type { ContainerStatus, Pod } from "../pod.ts";
import { humanDuration } from "./human-duration.ts";

export interface PodSummary {
  ready: string;
  status: string;
  restarts: string;
}

const instant = (status: ContainerStatus): number => Date.parse(status.lastState.terminated?.finishedAt ?? "") || 0;

function terminatedWord({ terminated }: ContainerStatus["state"]): string | undefined {
  if (terminated === undefined) return undefined;
  return terminated.reason || (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`);
}

/** The init container that holds the pod back, in the words of `kubectl get pods`. */
function initWord(pod: Pod, statuses: ContainerStatus[]): string | undefined {
  const total = pod.spec.initContainers?.length ?? 0;
  for (const [index, status] of statuses.entries()) {
    const { terminated, waiting } = status.state;
    const sidecar = pod.spec.initContainers?.[index]?.restartPolicy === "Always";
    if (terminated?.exitCode === 0 || (sidecar && status.started)) continue;
    if (terminated) return `Init:${terminatedWord(status.state)}`;
    if (waiting && waiting.reason !== "PodInitializing") return `Init:${waiting.reason}`;
    return `Init:${index}/${total}`;
  }
  return undefined;
}

function containerWord(statuses: ContainerStatus[]): string | undefined {
  let word: string | undefined;
  for (const { state } of statuses.toReversed()) word = state.waiting?.reason ?? terminatedWord(state) ?? word;
  return word;
}

/** READY, STATUS and RESTARTS of `kubectl get pods`. */
export function podSummary(pod: Pod, nowMs: number): PodSummary {
  const { status, spec, metadata } = pod;
  const init = status.initContainerStatuses ?? [];
  const main = status.containerStatuses ?? [];
  const sidecars = init.filter((_, index) => spec.initContainers?.[index]?.restartPolicy === "Always");
  const counted = [...sidecars, ...main];
  const total =
    spec.containers.length + (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always").length;
  const ready = counted.filter(one => one.ready).length;
  const restarts = counted.reduce((sum, one) => sum + one.restartCount, 0);
  const lastRestart = Math.max(0, ...counted.map(instant));
  const scheduled = status.conditions?.find(({ type }) => type === "PodScheduled");
  let word = status.reason ?? (scheduled?.reason === "SchedulingGated" ? "SchedulingGated" : status.phase);
  const initializing = status.phase === "Succeeded" ? undefined : initWord(pod, init);
  word = initializing ?? containerWord(main) ?? word;
  if (word === "Completed" && main.some(({ state }) => state.running)) word = ready > 0 ? "Running" : "NotReady";
  if (metadata.deletionTimestamp !== undefined) word = status.reason === "NodeLost" ? "Unknown" : "Terminating";
  return {
    ready: `${ready}/${total}`,
    status: word,
    restarts: restarts > 0 && lastRestart > 0 ? `${restarts} (${humanDuration(nowMs - lastRestart)} ago)` : String(restarts),
  };
}
