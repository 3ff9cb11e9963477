import { z } from "zod";

/** When a task may start, by its upstreams' states. Airflow's names and meanings. */
export const TriggerRule = z.enum([
  "all_success",
  "all_failed",
  "all_done",
  "all_done_min_one_success",
  "all_skipped",
  "one_failed",
  "one_success",
  "one_done",
  "none_failed",
  "none_failed_min_one_success",
  "none_skipped",
  "always",
]);
export type TriggerRule = z.infer<typeof TriggerRule>;
