import type { Redis } from "ioredis";
import type { AssetUpdate } from "#core/asset-update.ts";
import type { JsonValue } from "#core/result.ts";
import type { RunHeader } from "#core/run.ts";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";
import { SCRIPTS } from "./scripts.ts";

/** A task has succeeded, and with it its outlets are updated. */
export interface TaskUpdate {
  /** Computed from run, task and try: the same update twice is one. */
  id: string;
  assets: readonly string[];
  runId: string;
  taskId: string;
  at: number;
}

/** An update that no task of ours has made. */
export interface ToldUpdate {
  asset: string;
  /** Names it: told twice, it is one. */
  id: string;
  at: number;
  by: string;
  extra?: JsonValue;
}

/** Assets, what has updated them, and which DAGs have heard of it. */
export interface AssetStore {
  /** Notes the updates of a task's outlets. Idempotent by its id. Returns how many were new. */
  update(update: TaskUpdate): Promise<number>;
  /** Notes an update from outside. false: one of that id was noted before. */
  tell(update: ToldUpdate): Promise<boolean>;
  /** When the asset was last updated; undefined: never. */
  lastUpdate(asset: string): Promise<number | undefined>;
  /** The last update of every asset that has had one, by name. */
  list(): Promise<AssetUpdate[]>;
  /** The number of the installation's last update; 0 before the first. */
  count(): Promise<number>;
  /** By asset, the updates behind `number`, oldest first: at most the last 1,000. */
  since(assets: readonly string[], number: number): Promise<Map<string, AssetUpdate[]>>;
  /** By DAG id, the number of the last update that one of its runs has heard of. */
  seen(): Promise<Map<string, number>>;
  /**
   * Decides once that updates so far are heard of, and by which run. false: another leader is in office, or was faster.
   * @param claim without `header` they are passed over
   */
  claimRun(claim: { token: string; dagId: string; from: number | undefined; to: number; header?: RunHeader }): Promise<boolean>;
  /** Runs that were decided on and may not have been created, by DAG id. */
  claimedRuns(): Promise<Map<string, RunHeader>>;
  /** The DAG's claimed run is created. */
  settleRun(dagId: string): Promise<void>;
}

const KEPT = 1_000;

export function openAssetStore(redis: Redis, keys: Keys): AssetStore {
  async function note(update: Omit<AssetUpdate, "number">): Promise<boolean> {
    const { asset, id, at } = update;
    const reply = await SCRIPTS.updateAsset.run(
      redis,
      {
        assets: keys.assets,
        numbers: keys.assetNumbers(asset),
        updates: keys.assetUpdates(asset),
        count: keys.assetCount,
        inbox: keys.inbox,
      },
      { asset, id, at, update: JSON.stringify(update), keep: KEPT },
    );
    return reply === 1;
  }

  return {
    async update({ id, assets, runId, taskId, at }) {
      const noted = await Promise.all(assets.map(asset => note({ asset, id, at, runId, taskId })));
      return noted.filter(Boolean).length;
    },

    tell: note,

    async lastUpdate(asset) {
      const text = await redis.hget(keys.assets, asset);
      return text === null ? undefined : (JSON.parse(text) as AssetUpdate).at;
    },

    async list() {
      const rows = await redis.hgetall(keys.assets);
      const updates = Object.values(rows).map(text => JSON.parse(text) as AssetUpdate);
      return updates.sort((a, b) => (a.asset < b.asset ? -1 : 1));
    },

    async count() {
      return Number((await redis.get(keys.assetCount)) ?? 0);
    },

    async since(assets, number) {
      const pipeline = redis.pipeline();
      for (const asset of assets) pipeline.zrange(keys.assetNumbers(asset), `(${number}`, "+inf", "BYSCORE");
      const ids = (await readPipeline(pipeline)) as string[][];
      const found = new Map<string, AssetUpdate[]>();
      for (const [i, asset] of assets.entries()) {
        const rows = ids[i]!.length === 0 ? [] : await redis.hmget(keys.assetUpdates(asset), ...ids[i]!);
        found.set(
          asset,
          rows.filter(text => text !== null).map(text => JSON.parse(text) as AssetUpdate),
        );
      }
      return found;
    },

    async seen() {
      const rows = await redis.hgetall(keys.assetsSeen);
      return new Map(Object.entries(rows).map(([dagId, number]) => [dagId, Number(number)]));
    },

    async claimRun({ token, dagId, from, to, header }) {
      const reply = await SCRIPTS.claimAssetRun.run(
        redis,
        { leader: keys.leader, seen: keys.assetsSeen, runs: keys.assetRuns },
        { token, dagId, from: from ?? "", to, header: header === undefined ? "" : JSON.stringify(header) },
      );
      return reply === 1;
    },

    async claimedRuns() {
      const rows = await redis.hgetall(keys.assetRuns);
      return new Map(Object.entries(rows).map(([dagId, text]) => [dagId, JSON.parse(text) as RunHeader]));
    },

    async settleRun(dagId) {
      await redis.hdel(keys.assetRuns, dagId);
    },
  };
}
