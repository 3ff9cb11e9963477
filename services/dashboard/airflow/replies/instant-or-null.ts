import { toInstant } from "#contract/instant.ts";

/** Airflow's replies have every field; what is not known is null. */
export const instantOrNull = (atMs: number | undefined): string | null => (atMs === undefined ? null : toInstant(atMs));

/** Seconds, of what has ended. */
export const secondsBetween = (startMs: number | undefined, endMs: number | undefined): number | null =>
  startMs === undefined || endMs === undefined ? null : (endMs - startMs) / 1_000;
