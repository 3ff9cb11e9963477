import { Router } from "express";
import type { z } from "zod";
import type { AirflowHealth, AirflowVersion } from "#contract/airflow/service.ts";
import { toInstant } from "#contract/instant.ts";
import { version as ownVersion } from "#runtime/version.ts";
import { isRedisAway } from "../http/redis-away.ts";
import type { Ports } from "../ports.ts";

/** Whose API this is: clients decide by it what they may ask. */
export const AIRFLOW_VERSION = "3.3.2";

/** For the reference page. */
export const PUBLIC_OPERATIONS = [
  {
    operation: "get_version",
    ours: "`GET /version` of every service",
    differs: `\`version\` is that of the Airflow whose API is spoken, ${AIRFLOW_VERSION}; \`git_version\` is Windlass'. No login`,
    method: "get",
    path: "/api/v2/version",
  },
  {
    operation: "get_health",
    ours: "`GET /readyz` of every service",
    differs: "`metadatabase` is Redis, `scheduler` and `dag_processor` are the leader, `triggerer` is null. No login",
    method: "get",
    path: "/api/v2/monitor/health",
  },
] as const;

/** What Airflow's client asks without its token. */
export function publicRoutes({ live, now }: Pick<Ports, "live" | "now">): Router {
  const router = Router();
  router.get("/api/v2/version", (_request, response) => {
    response.json({ version: AIRFLOW_VERSION, git_version: `windlass ${ownVersion}` } satisfies z.infer<typeof AirflowVersion>);
  });
  router.get("/api/v2/monitor/health", async (_request, response) => {
    response.set("Cache-Control", "no-store").json(await readHealth(live, now()));
  });
  return router;
}

async function readHealth(live: Pick<Ports["live"], "leading">, at: number): Promise<z.infer<typeof AirflowHealth>> {
  const { redis, leader } = await look(live);
  const status = statusOf(leader);
  const heartbeat = leader ? toInstant(at) : null;
  return {
    metadatabase: { status: statusOf(redis) },
    scheduler: { status, latest_scheduler_heartbeat: heartbeat },
    triggerer: { status: null, latest_triggerer_heartbeat: null },
    dag_processor: { status, latest_dag_processor_heartbeat: heartbeat },
  };
}

const statusOf = (isWell: boolean): "healthy" | "unhealthy" => (isWell ? "healthy" : "unhealthy");

async function look(live: Pick<Ports["live"], "leading">): Promise<{ redis: boolean; leader: boolean }> {
  try {
    return { redis: true, leader: (await live.leading()) !== undefined };
  } catch (error) {
    if (isRedisAway(error)) return { redis: false, leader: false };
    throw error;
  }
}
