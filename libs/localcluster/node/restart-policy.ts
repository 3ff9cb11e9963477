import type { PodSpec } from "../pod.ts";
import type { Role } from "./pod-status.ts";

const MAX_BACK_OFF_MS = 300_000;
/** A run this long clears the back-off. */
export const HEALTHY_RUN_MS = 600_000;

/** Whether a container that ended is started again. Init containers end for good with 0, sidecars never. */
export function restarts(policy: PodSpec["restartPolicy"], role: Role, exitCode: number | undefined): boolean {
  if (role === "sidecar") return true;
  if (policy === "Never") return false;
  return exitCode !== 0 || (policy === "Always" && role === "main");
}

/** Doubles with every failure, up to 5 minutes. */
export const backOffDelayMs = (failures: number, firstMs: number): number => Math.min(firstMs * 2 ** failures, MAX_BACK_OFF_MS);

/** The first restart is at once, the next after the first delay, then twice as long each time. */
export const restartDelayMs = (failures: number, firstMs: number): number =>
  failures === 0 ? 0 : backOffDelayMs(failures - 1, firstMs);
