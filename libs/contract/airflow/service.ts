import { z } from "zod";

/** The username is any, and the password an API token, where there is no login by password. */
export const AirflowTokenBody = z.strictObject({ username: z.string().max(200), password: z.string().min(1).max(1_000) });
export const AirflowTokenReply = z.object({ access_token: z.string() });

export const AirflowVersion = z.object({
  /** The version of Airflow whose API is spoken. */
  version: z.string(),
  /** Windlass and its version. */
  git_version: z.string().nullable(),
});

const Status = z.enum(["healthy", "unhealthy"]).nullable();

export const AirflowHealth = z.object({
  metadatabase: z.object({ status: Status }),
  scheduler: z.object({ status: Status, latest_scheduler_heartbeat: z.string().nullable() }),
  /** There is none: what waits holds no process. */
  triggerer: z.object({ status: Status, latest_triggerer_heartbeat: z.string().nullable() }),
  dag_processor: z.object({ status: Status, latest_dag_processor_heartbeat: z.string().nullable() }),
});
