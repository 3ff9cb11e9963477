import type { Outcome } from "#core/outcome.ts";
import type { Pod } from "./pod.ts";

/** The phase comes about a second behind the container's end; on a busy node a little later. */
export const PHASE_LAG_MS = 3_000;

/** SIGKILL and SIGTERM: what a node sends, too. */
const STOP_SIGNALS: ReadonlySet<number | undefined> = new Set([128 + 9, 128 + 15]);

/**
 * A container that was killed does not say by whom: that a node evicted it shows with the phase. Such an end is decided then, or
 * after {@link PHASE_LAG_MS}; every other end at once. Pure.
 */
export const awaitsPhase = ({ status }: Pod, { code, exitCode }: Outcome): boolean =>
  code === "ExitCode" && STOP_SIGNALS.has(exitCode) && status.phase !== "Failed" && status.phase !== "Succeeded";
