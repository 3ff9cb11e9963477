import type { Redis } from "ioredis";
import type { Keys } from "../keys.ts";
import { readPipeline } from "../read-pipeline.ts";
import type { Value } from "../script.ts";
import { SCRIPTS } from "../scripts.ts";
import { fromArchive, toArchive } from "./archive.ts";
import { RUN_TABLES, type RunParts, type RunTable } from "./run-parts.ts";

/** Ended runs as one value each: kept in the field `archive` of the run's own hash, so that lists and lifetimes are what they were. */
export interface RunArchive {
  /** What is in an archive, from a cache of the last few. */
  open(runId: string, archive: Buffer): Promise<RunParts>;
  /** Lays the run out again, as if it had ended at `at`. Does nothing when it is not archived. */
  restore(runId: string, at: number): Promise<void>;
  /** Makes one value out of an ended run. false: it goes on, has moved meanwhile, or another leader is in office. */
  archive(token: string, runId: string): Promise<boolean>;
}

const CACHED = 4;

export function openRunArchive(redis: Redis, keys: Keys): RunArchive {
  const cache = new Map<string, { archive: Buffer; parts: RunParts }>();
  const partKeys = (runId: string): Record<RunTable | "history", string> => ({
    tasks: keys.tasks(runId),
    tries: keys.tries(runId),
    outputs: keys.outputs(runId),
    notes: keys.notes(runId),
    remarks: keys.remarks(runId),
    history: keys.history(runId),
  });

  async function open(runId: string, archive: Buffer): Promise<RunParts> {
    const cached = cache.get(runId);
    if (cached?.archive.equals(archive)) return cached.parts;
    const parts = await fromArchive(keyOf(runId), archive);
    cache.delete(runId);
    cache.set(runId, { archive, parts });
    if (cache.size > CACHED) cache.delete(cache.keys().next().value!);
    return parts;
  }

  async function read(runId: string): Promise<{ rev: string | null; parts: RunParts }> {
    const pipeline = redis.pipeline().hget(keys.run(runId), "rev").lrange(keys.history(runId), 0, -1);
    for (const table of RUN_TABLES) pipeline.hgetall(keys[table](runId));
    const [rev, history, ...tables] = await readPipeline(pipeline);
    const records = Object.fromEntries(RUN_TABLES.map((table, i) => [table, tables[i]]));
    return { rev: rev as string | null, parts: { ...records, history } as RunParts };
  }

  return {
    open,

    async restore(runId, at) {
      const archive = await redis.hgetBuffer(keys.run(runId), "archive");
      if (archive === null) return;
      const parts = await open(runId, archive);
      const count = (table: RunTable): number => Object.keys(parts[table]).length;
      const rest: Value[] = [];
      for (const table of RUN_TABLES) for (const [field, value] of Object.entries(parts[table])) rest.push(field, value);
      for (const entry of parts.history) rest.push(entry);
      await SCRIPTS.restoreRun.run(
        redis,
        { run: keys.run(runId), ended: keys.ended, ...partKeys(runId) },
        {
          runId,
          endedAt: at,
          taskCount: count("tasks"),
          tryCount: count("tries"),
          outputCount: count("outputs"),
          noteCount: count("notes"),
          remarkCount: count("remarks"),
        },
        rest,
      );
    },

    async archive(token, runId) {
      const { rev, parts } = await read(runId);
      // Its retention has passed, or it is archived already: a run has a history from its creation on.
      if (rev === null || parts.history.length === 0) {
        await redis.zrem(keys.ended, runId);
        return false;
      }
      const archive = await toArchive(keyOf(runId), parts);
      const reply = await SCRIPTS.archiveRun.run(
        redis,
        {
          leader: keys.leader,
          run: keys.run(runId),
          live: keys.live,
          ended: keys.ended,
          ...partKeys(runId),
          acts: keys.acts(runId),
          stops: keys.stops(runId),
        },
        { token, runId, rev, historyLength: parts.history.length, archive },
      );
      return reply === 1;
    },
  };
}

/** A run's id begins with its DAG's. */
const keyOf = (runId: string): { runId: string; dagId: string } => ({ runId, dagId: runId.split("~", 1)[0]! });
