import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";
import { parseRunSummary, RUN_FIELDS, type RunSummary } from "./run-record.ts";

/** Where a page ended: by creation, and by id among runs of one millisecond. */
export interface RunPlace {
  at: number;
  id: string;
}

export interface RunPageQuery {
  dagId?: string | undefined;
  /** Only runs that have not ended: they are few, and are found without looking at the others. */
  isLive?: boolean;
  /** Runs it says no to are left out. */
  where?: (run: RunSummary) => boolean;
  /** Created at or after, and at or before. */
  fromAt?: number | undefined;
  untilAt?: number | undefined;
  /** By creation. Default: newest. */
  order?: "newest" | "oldest";
  /** At most this many, 1 to 1000. */
  limit: number;
  /** Where the page before ended. */
  after?: RunPlace | undefined;
}

export interface RunPage {
  runs: RunSummary[];
  /** There may be more behind it. */
  next?: RunPlace;
}

/** Runs read at once. */
const BATCH = 250;
/** With conditions a page may end here, with fewer runs than it could hold and with more behind it. */
const MAX_LOOKED_AT = 5_000;

const placeOf = ({ createdAt, id }: RunSummary): RunPlace => ({ at: createdAt, id });

/** Pages through the index of all runs, or of a DAG's. Runs whose retention has passed leave the index here. */
export function openRunPages(redis: Redis, keys: Keys): (query: RunPageQuery) => Promise<RunPage> {
  async function summariesOf(ids: readonly string[]): Promise<(RunSummary | undefined)[]> {
    const pipeline = redis.pipeline();
    for (const id of ids) pipeline.hmget(keys.run(id), ...RUN_FIELDS);
    return (await readPipeline(pipeline)).map(reply => parseRunSummary(reply as (string | null)[]));
  }

  async function liveRuns(): Promise<RunSummary[]> {
    const ids = await redis.smembers(keys.live);
    const runs: RunSummary[] = [];
    for (let i = 0; i < ids.length; i += BATCH)
      runs.push(...(await summariesOf(ids.slice(i, i + BATCH))).filter(run => run !== undefined));
    return runs;
  }

  /** How many runs of the index lie before the page. */
  async function startOf(index: string, isNewest: boolean, { after, fromAt, untilAt }: RunPageQuery): Promise<number> {
    if (after === undefined) {
      const edge = isNewest ? untilAt : fromAt;
      if (edge === undefined) return 0;
      return isNewest ? redis.zcount(index, `(${edge}`, "+inf") : redis.zcount(index, "-inf", `(${edge}`);
    }
    const rank = isNewest ? await redis.zrevrank(index, after.id) : await redis.zrank(index, after.id);
    if (rank !== null) return rank + 1;
    // It has left meanwhile: the page begins with its millisecond, of which some may have been seen.
    return isNewest ? redis.zcount(index, `(${after.at}`, "+inf") : redis.zcount(index, "-inf", `(${after.at}`);
  }

  async function indexed(query: RunPageQuery, isIn: (run: RunSummary) => boolean, isNewest: boolean): Promise<RunPage> {
    const { dagId, limit, fromAt, untilAt, where } = query;
    const index = dagId === undefined ? keys.runs : keys.runsOf(dagId);
    const isPast = ({ createdAt }: RunSummary): boolean =>
      isNewest ? createdAt < (fromAt ?? 0) : createdAt > (untilAt ?? Infinity);
    const runs: RunSummary[] = [];
    let last: RunSummary | undefined;
    let from = await startOf(index, isNewest, query);
    for (const end = from + MAX_LOOKED_AT; from < end; ) {
      const count = where === undefined ? Math.min(limit - runs.length + 1, BATCH) : BATCH;
      const ids = isNewest
        ? await redis.zrevrange(index, from, from + count - 1)
        : await redis.zrange(index, from, String(from + count - 1));
      const found = await summariesOf(ids);
      const gone = ids.filter((_, i) => found[i] === undefined);
      if (gone.length > 0) await redis.zrem(index, ...gone);
      for (const run of found) {
        if (run === undefined) continue;
        if (isPast(run)) return { runs };
        if (runs.length === limit) return { runs, next: placeOf(last!) };
        if (isIn(run)) runs.push(run);
        last = run;
      }
      // Those that were gone have left the index, so that the next ones start behind those that stayed.
      from += ids.length - gone.length;
      if (ids.length < count) return { runs };
    }
    return last === undefined ? { runs } : { runs, next: placeOf(last) };
  }

  return async query => {
    const { isLive = false, where, after, limit, fromAt = 0, untilAt = Number.POSITIVE_INFINITY } = query;
    const isNewest = query.order !== "oldest";
    const isBehind = ({ createdAt, id }: RunSummary): boolean => {
      if (after === undefined) return true;
      const isLater = createdAt > after.at || (createdAt === after.at && id > after.id);
      return isNewest ? !isLater && id !== after.id : isLater;
    };
    const isIn = (run: RunSummary): boolean => isBehind(run) && (where?.(run) ?? true);
    if (!isLive) return indexed(query, isIn, isNewest);
    const runs = (await liveRuns()).filter(
      run =>
        (query.dagId === undefined || run.dagId === query.dagId) &&
        run.createdAt >= fromAt &&
        run.createdAt <= untilAt &&
        isIn(run),
    );
    runs.sort((a, b) => (a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)) * (isNewest ? -1 : 1));
    const page = runs.slice(0, limit);
    return { runs: page, ...(runs.length > limit ? { next: placeOf(page.at(-1)!) } : {}) };
  };
}
