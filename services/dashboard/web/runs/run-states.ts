import type { RunState } from "#core/run.ts";

export const RUN_STATES = ["queued", "running", "success", "failed", "cancelled"] as const satisfies readonly RunState[];
