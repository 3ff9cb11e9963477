import type { Redis } from "ioredis";
import { DagSpec, type Schedule } from "#core/dag-spec.ts";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";

/** What lists of DAGs show. */
export interface DagRow {
  id: string;
  /** Content hash of the spec that new runs execute. */
  version: string;
  file: string;
  paused: boolean;
  publishedAt: number;
  description?: string;
  owner?: string;
  tags: readonly string[];
  schedule?: Schedule;
  timezone: string;
  taskCount: number;
}

/** Why a DAG file could not be loaded. */
export interface ImportError {
  file: string;
  line?: number;
  /** One of #core/errors.ts. */
  code: string;
  message: string;
  at: number;
}

/** DAGs, their versions, and what went wrong while loading them. */
export interface DagStore {
  /**
   * Makes `spec` the version that new runs execute; the one before is kept for the runs that have it.
   * Whether the DAG is paused stays as it was; a new DAG is not paused.
   */
  publishDag(row: Omit<DagRow, "paused">, spec: DagSpec): Promise<void>;
  /** Takes the DAG off the list. Its runs, its versions, its pause and its last tick stay, for a file that comes back. */
  removeDag(dagId: string): Promise<void>;
  getDag(dagId: string): Promise<DagRow | undefined>;
  /** All DAGs by id. */
  listDags(): Promise<DagRow[]>;
  /** Stores a version that no DAG points to, such as an ad hoc run's, for as long as a run created now may need it. */
  putSpec(version: string, spec: DagSpec): Promise<void>;
  /** The spec of a version, from a cache of the last 500. Throws a ZodError when what is stored is not a spec. */
  getSpec(version: string): Promise<DagSpec | undefined>;
  /** false: no such DAG. */
  setPaused(dagId: string, paused: boolean): Promise<boolean>;
  replaceImportErrors(errors: readonly ImportError[]): Promise<void>;
  listImportErrors(): Promise<ImportError[]>;
  /** Instant of the last tick that was started, by DAG id. */
  lastTicks(): Promise<Map<string, number>>;
  setLastTick(dagId: string, at: number): Promise<void>;
}

const CACHED_SPECS = 500;

export function openDagStore(redis: Redis, keys: Keys, keepMs: number): DagStore {
  const specs = new Map<string, DagSpec>();

  const rowOf = (text: string, paused: boolean): DagRow => ({ ...(JSON.parse(text) as Omit<DagRow, "paused">), paused });

  /** The DAG's version is needed by its runs only, and by none that is created from now on. */
  async function retireVersion(dagId: string, successor?: string): Promise<void> {
    const text = await redis.hget(keys.dags, dagId);
    if (text === null) return;
    const { version } = rowOf(text, false);
    if (version !== successor) await redis.pexpire(keys.spec(version), keepMs);
  }

  return {
    async publishDag(row, spec) {
      await retireVersion(row.id, row.version);
      // The version first: a row that is visible must be runnable.
      await redis.set(keys.spec(row.version), JSON.stringify(spec));
      await redis.hset(keys.dags, row.id, JSON.stringify(row));
    },

    async removeDag(dagId) {
      await retireVersion(dagId);
      await redis.hdel(keys.dags, dagId);
    },

    async getDag(dagId) {
      const [text, paused] = await Promise.all([redis.hget(keys.dags, dagId), redis.sismember(keys.paused, dagId)]);
      return text === null ? undefined : rowOf(text, paused === 1);
    },

    async listDags() {
      const [rows, paused] = await Promise.all([redis.hgetall(keys.dags), redis.smembers(keys.paused)]);
      const isPaused = new Set(paused);
      const ids = Object.keys(rows).sort();
      return ids.map(id => rowOf(rows[id]!, isPaused.has(id)));
    },

    async putSpec(version, spec) {
      const key = keys.spec(version);
      // GT never shortens: neither a DAG's own version, which has no end, nor another run's claim on this one.
      await readPipeline(redis.pipeline().set(key, JSON.stringify(spec), "PX", keepMs, "NX").pexpire(key, keepMs, "GT"));
    },

    async getSpec(version) {
      const cached = specs.get(version);
      if (cached !== undefined) {
        // A Map keeps the order of insertion: putting it back makes it the youngest.
        specs.delete(version);
        specs.set(version, cached);
        return cached;
      }
      const text = await redis.get(keys.spec(version));
      if (text === null) return undefined;
      const spec = DagSpec.parse(JSON.parse(text));
      specs.set(version, spec);
      if (specs.size > CACHED_SPECS) specs.delete(specs.keys().next().value!);
      return spec;
    },

    async setPaused(dagId, paused) {
      if ((await redis.hexists(keys.dags, dagId)) === 0) return false;
      await (paused ? redis.sadd(keys.paused, dagId) : redis.srem(keys.paused, dagId));
      return true;
    },

    async replaceImportErrors(errors) {
      await redis.set(keys.importErrors, JSON.stringify(errors));
    },

    async listImportErrors() {
      const text = await redis.get(keys.importErrors);
      return text === null ? [] : (JSON.parse(text) as ImportError[]);
    },

    async lastTicks() {
      const ticks = await redis.hgetall(keys.ticks);
      return new Map(Object.entries(ticks).map(([dagId, at]) => [dagId, Number(at)]));
    },

    async setLastTick(dagId, at) {
      await redis.hset(keys.ticks, dagId, at);
    },
  };
}
