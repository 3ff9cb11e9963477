import { z } from "zod";
import { Instant } from "../instant.ts";

/** The key under which Airflow keeps what a task has returned; the only one there is here. */
export const RETURN_KEY = "return_value";

const AirflowXComHead = z.object({
  key: z.literal(RETURN_KEY),
  timestamp: Instant,
  logical_date: Instant.nullable(),
  run_after: Instant,
  map_index: z.int(),
  task_id: z.string(),
  task_display_name: z.string(),
  dag_id: z.string(),
  dag_display_name: z.string(),
  run_id: z.string(),
});
export type AirflowXComHead = z.infer<typeof AirflowXComHead>;

export const AirflowXCom = AirflowXComHead.extend({
  /** Any JSON; with `stringify` its text. */
  value: z.unknown(),
});

export const AirflowXComCollection = z.object({ xcom_entries: z.array(AirflowXComHead), total_entries: z.int() });
