import type { Redis } from "ioredis";
import { DagSpec, type Schedule } from "#core/dag-spec.ts";
import { tell } from "./event-stream.ts";
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
  /** Its file no longer loads: this is what was last published of it. */
  stale?: true;
  /** When its file was deleted. */
  removedAt?: number;
}

/** A version of a DAG. */
export interface DagVersion {
  version: string;
  /** When it was last published. */
  publishedAt: number;
}

/** What is stored of a row: the rest is found out when it is read. */
export type StoredDagRow = Omit<DagRow, "paused" | "stale" | "removedAt">;

/** Why a DAG file could not be loaded. */
export interface ImportError {
  /** Where the mistake is. */
  file: string;
  /** The DAG file that could not be loaded because of it, if it is another one. */
  importedBy?: string;
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
   * @param source text of the file that it came from
   */
  publishDag(row: StoredDagRow, spec: DagSpec, source?: string): Promise<void>;
  /** The text of the file that gave the version; undefined: it is not kept. */
  getSource(version: string): Promise<string | undefined>;
  /**
   * Asks the leader to remove all runs and versions of a DAG whose file was deleted. It does within a minute, but for runs that have not ended:
   * those go when they have.
   */
  requestForget(dagId: string): Promise<"requested" | "has-file" | "unknown">;
  /** DAGs whose history is to go. */
  forgetting(): Promise<string[]>;
  /** Removes what is left of a DAG without runs: its row, its versions, its pause, its last tick. */
  forgetDag(dagId: string): Promise<void>;
  /**
   * Takes the DAG off the list of those that can be run. Its row, its runs, its versions, its pause and its last tick stay, for people to see
   * and for a file that comes back.
   */
  removeDag(dagId: string, at: number): Promise<void>;
  getDag(dagId: string): Promise<DagRow | undefined>;
  /** The row of a DAG whose file was deleted. */
  getRemovedDag(dagId: string): Promise<DagRow | undefined>;
  /** DAGs whose files were deleted, by id. */
  listRemovedDags(): Promise<DagRow[]>;
  /** The versions whose specs are still there, the youngest first. */
  listVersions(dagId: string): Promise<DagVersion[]>;
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

  const errorsOf = (text: string | null): ImportError[] => (text === null ? [] : (JSON.parse(text) as ImportError[]));

  const rowOf = (text: string, paused: boolean, errors: readonly ImportError[]): DagRow => {
    const row = JSON.parse(text) as StoredDagRow;
    const isStale = errors.some(({ file, importedBy }) => (importedBy ?? file) === row.file);
    return { ...row, paused, ...(isStale ? { stale: true } : {}) };
  };

  const removedRowOf = (text: string, paused: boolean): DagRow => ({ ...(JSON.parse(text) as StoredDagRow), paused });

  /** The DAG's version is needed by its runs only, and by none that is created from now on. */
  async function retireVersion(dagId: string, successor?: string): Promise<void> {
    const text = await redis.hget(keys.dags, dagId);
    if (text === null) return;
    const { version } = JSON.parse(text) as StoredDagRow;
    if (version === successor) return;
    await readPipeline(redis.pipeline().pexpire(keys.spec(version), keepMs).pexpire(keys.source(version), keepMs));
  }

  return {
    async publishDag(row, spec, source) {
      await retireVersion(row.id, row.version);
      // The version first: a row that is visible must be runnable.
      const version = redis.pipeline().set(keys.spec(row.version), JSON.stringify(spec));
      if (source !== undefined) version.set(keys.source(row.version), source);
      await readPipeline(version);
      const publish = redis
        .pipeline()
        .hset(keys.dags, row.id, JSON.stringify(row))
        .hdel(keys.removedDags, row.id)
        .srem(keys.forgetting, row.id)
        .zadd(keys.versionsOf(row.id), row.publishedAt, row.version);
      await readPipeline(tell(publish, keys, { kind: "dag", dagId: row.id, state: "published" }, row.publishedAt));
    },

    async removeDag(dagId, at) {
      await retireVersion(dagId);
      const text = await redis.hget(keys.dags, dagId);
      if (text === null) return;
      const removed = JSON.stringify({ ...(JSON.parse(text) as StoredDagRow), removedAt: at });
      const remove = redis.pipeline().hset(keys.removedDags, dagId, removed).hdel(keys.dags, dagId);
      await readPipeline(tell(remove, keys, { kind: "dag", dagId, state: "removed" }, at));
    },

    async getDag(dagId) {
      // One write to the socket instead of three: every start of a run asks.
      const [text, paused, errors] = (await readPipeline(
        redis.pipeline().hget(keys.dags, dagId).sismember(keys.paused, dagId).get(keys.importErrors),
      )) as [string | null, number, string | null];
      return text === null ? undefined : rowOf(text, paused === 1, errorsOf(errors));
    },

    async getSource(version) {
      return (await redis.get(keys.source(version))) ?? undefined;
    },

    async requestForget(dagId) {
      const [isThere, isRemoved] = await Promise.all([redis.hexists(keys.dags, dagId), redis.hexists(keys.removedDags, dagId)]);
      if (isThere === 1) return "has-file";
      if (isRemoved === 0) return "unknown";
      await redis.sadd(keys.forgetting, dagId);
      return "requested";
    },

    forgetting: () => redis.smembers(keys.forgetting),

    async forgetDag(dagId) {
      const versions = await redis.zrange(keys.versionsOf(dagId), 0, "-1");
      const forget = redis
        .multi()
        .hdel(keys.removedDags, dagId)
        .srem(keys.paused, dagId)
        .hdel(keys.ticks, dagId)
        .srem(keys.forgetting, dagId)
        .del(keys.versionsOf(dagId), ...versions.flatMap(version => [keys.spec(version), keys.source(version)]));
      await readPipeline(forget);
    },

    async listDags() {
      const [rows, paused, errors] = await Promise.all([
        redis.hgetall(keys.dags),
        redis.smembers(keys.paused),
        redis.get(keys.importErrors),
      ]);
      const isPaused = new Set(paused);
      const mistakes = errorsOf(errors);
      const ids = Object.keys(rows).sort();
      return ids.map(id => rowOf(rows[id]!, isPaused.has(id), mistakes));
    },

    async getRemovedDag(dagId) {
      const [text, paused] = await Promise.all([redis.hget(keys.removedDags, dagId), redis.sismember(keys.paused, dagId)]);
      return text === null ? undefined : removedRowOf(text, paused === 1);
    },

    async listRemovedDags() {
      const [rows, paused] = await Promise.all([redis.hgetall(keys.removedDags), redis.smembers(keys.paused)]);
      const isPaused = new Set(paused);
      const ids = Object.keys(rows).sort();
      return ids.map(id => removedRowOf(rows[id]!, isPaused.has(id)));
    },

    async listVersions(dagId) {
      const rows = await redis.zrevrange(keys.versionsOf(dagId), 0, -1, "WITHSCORES");
      const versions = Array.from({ length: rows.length / 2 }, (_, i) => ({
        version: rows[2 * i]!,
        publishedAt: Number(rows[2 * i + 1]),
      }));
      const pipeline = redis.pipeline();
      for (const { version } of versions) pipeline.exists(keys.spec(version));
      const there = versions.length === 0 ? [] : await readPipeline(pipeline);
      const gone = versions.filter((_, i) => there[i] !== 1).map(({ version }) => version);
      if (gone.length > 0) await redis.zrem(keys.versionsOf(dagId), ...gone);
      return versions.filter((_, i) => there[i] === 1);
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
      const change = paused ? redis.multi().sadd(keys.paused, dagId) : redis.multi().srem(keys.paused, dagId);
      const at = Date.now();
      // The leader's clock hears of it at once.
      change.rpush(keys.inbox, `dags\n\n${at}\n\n`);
      await readPipeline(tell(change, keys, { kind: "dag", dagId, state: paused ? "paused" : "unpaused" }, at));
      return true;
    },

    async replaceImportErrors(errors) {
      const replace = redis.pipeline().set(keys.importErrors, JSON.stringify(errors));
      await readPipeline(tell(replace, keys, { kind: "import-errors", count: errors.length }, Date.now()));
    },

    async listImportErrors() {
      return errorsOf(await redis.get(keys.importErrors));
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
