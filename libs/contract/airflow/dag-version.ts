import { z } from "zod";
import { Instant } from "../instant.ts";

/** A version of a DAG as Airflow counts them. */
export const AirflowDagVersion = z.object({
  /** Made of the version's content hash. */
  id: z.uuid(),
  /** 1 is the oldest that is still stored. */
  version_number: z.int(),
  dag_id: z.string(),
  bundle_name: z.string().nullable(),
  /** The content hash itself. */
  bundle_version: z.string().nullable(),
  bundle_url: z.string().nullable(),
  created_at: Instant,
  dag_display_name: z.string(),
});
export type AirflowDagVersion = z.infer<typeof AirflowDagVersion>;
