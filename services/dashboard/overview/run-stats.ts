import type { RunLine } from "./run-lines.ts";

/** What a DAG's last runs tell, taken together. */
export interface RunStats {
  /** Share that went well of those that ended by themselves. */
  successRate?: number;
  /** How long successful ones took. */
  p50Ms?: number;
  p95Ms?: number;
}

export function runStats(lines: readonly RunLine[]): RunStats {
  const succeeded = lines.filter(({ state }) => state === "success");
  const failed = lines.filter(({ state }) => state === "failed").length;
  const took = succeeded
    .flatMap(({ startedAt, endedAt }) => (startedAt === undefined || endedAt === undefined ? [] : [endedAt - startedAt]))
    .sort((a, b) => a - b);
  const ended = succeeded.length + failed;
  return {
    ...(ended === 0 ? {} : { successRate: succeeded.length / ended }),
    ...(took.length === 0 ? {} : { p50Ms: quantile(took, 0.5), p95Ms: quantile(took, 0.95) }),
  };
}

/** The smallest of the sorted values that so large a share of them does not exceed. */
const quantile = (sorted: readonly number[], share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!;
