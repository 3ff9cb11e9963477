/** What of a run is stored in hashes of its own, in the order restoreRun.lua takes them. */
export const RUN_TABLES = ["tasks", "tries", "outputs", "notes", "remarks"] as const;
export type RunTable = (typeof RUN_TABLES)[number];

/** Everything that is stored of a run beside its own hash, as texts: field → value, and the history oldest first. */
export interface RunParts extends Readonly<Record<RunTable, Readonly<Record<string, string>>>> {
  history: readonly string[];
}
