import type { Redis } from "ioredis";
import type { Run } from "#core/run.ts";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";
import { parseRunSummary, parseTasks, RUN_FIELDS } from "./run-record.ts";

/** The runs with their tasks, in one round trip; those that do not exist are left out. */
export async function loadRuns(redis: Redis, keys: Keys, ids: readonly string[]): Promise<Run[]> {
  const pipeline = redis.pipeline();
  for (const id of ids) pipeline.hmget(keys.run(id), ...RUN_FIELDS).hgetall(keys.tasks(id));
  const replies = await readPipeline(pipeline);
  const runs: Run[] = [];
  for (let i = 0; i < ids.length; i++) {
    const summary = parseRunSummary(replies[2 * i] as (string | null)[]);
    if (summary !== undefined) runs.push({ ...summary, tasks: parseTasks(replies[2 * i + 1] as Record<string, string>) });
  }
  return runs;
}
