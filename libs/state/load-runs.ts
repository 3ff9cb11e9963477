import type { Redis } from "ioredis";
import type { PendingAct } from "#core/act.ts";
import type { Run } from "#core/run.ts";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";
import { parseRunSummary, parseTasks, RUN_FIELDS } from "./run-record.ts";

/** The runs with their tasks and what people want done to them, in one round trip; those that do not exist are left out. */
export async function loadRuns(redis: Redis, keys: Keys, ids: readonly string[]): Promise<Run[]> {
  const pipeline = redis.pipeline();
  for (const id of ids)
    pipeline
      .hmget(keys.run(id), ...RUN_FIELDS)
      .hgetall(keys.tasks(id))
      .hgetall(keys.acts(id));
  const replies = await readPipeline(pipeline);
  return ids.flatMap((_, i) => {
    const [fields, tasks, acts] = replies.slice(3 * i, 3 * i + 3) as [(string | null)[], ...Record<string, string>[]];
    const summary = parseRunSummary(fields);
    return summary === undefined ? [] : [{ ...summary, tasks: parseTasks(tasks!), ...pending(acts!) }];
  });
}

/** In the order in which they were asked for; no field when there is none. */
function pending(texts: Readonly<Record<string, string>>): Pick<Run, "acts"> {
  const acts = Object.values(texts).map(text => JSON.parse(text) as PendingAct);
  if (acts.length === 0) return {};
  acts.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return { acts: new Map(acts.map(act => [act.id, act])) };
}
