import { z } from "zod";

/** Airflow's states of a run. */
export const AirflowRunState = z.enum(["queued", "running", "success", "failed"]);
export type AirflowRunState = z.infer<typeof AirflowRunState>;

/** What started a run. */
export const AirflowRunType = z.enum(["manual", "scheduled", "backfill", "asset_triggered"]);
export type AirflowRunType = z.infer<typeof AirflowRunType>;
