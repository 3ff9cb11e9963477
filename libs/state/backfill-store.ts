import type { Redis } from "ioredis";
import {
  BACKFILL_MOVES,
  BACKFILL_STATES,
  type BackfillCounts,
  type BackfillProgress,
  type BackfillRequest,
  type BackfillState,
} from "#core/backfill/backfill.ts";
import type { Tick } from "#core/schedule/dag-clock.ts";
import { tell } from "./event-stream.ts";
import type { Keys } from "./keys.ts";
import { readPipeline } from "./read-pipeline.ts";
import { SCRIPTS } from "./scripts.ts";

/** A tick that a backfill stands for, in the order in which it is carried out. */
export type BackfillTick = Pick<Tick, "runId" | "logicalAt" | "interval">;

/** A backfill as lists show it. */
export interface Backfill extends BackfillRequest, BackfillProgress {
  /** How many ticks it has. */
  total: number;
}

export type MoveBackfillResult = { result: "moved" } | { result: "refused"; state: BackfillState } | { result: "unknown" };

/** Backfills: what was asked for, and how far they have got. */
export interface BackfillStore {
  /** Stores it and tells the leader. */
  create(request: BackfillRequest, ticks: readonly BackfillTick[]): Promise<void>;
  get(id: string): Promise<Backfill | undefined>;
  /** Its ticks from place `from` up to, not including, `to`. */
  ticks(id: string, from: number, to: number): Promise<BackfillTick[]>;
  /** Newest first, at most `limit`. */
  list(limit: number): Promise<Backfill[]>;
  /** Pauses, resumes or cancels it. Into the state that it is in: harmless. */
  move(id: string, to: BackfillState, at: number): Promise<MoveBackfillResult>;
  /** Which of the runs have not ended, or are about to go on because of an act. */
  live(runIds: readonly string[]): Promise<string[]>;
  /** Those with something left to do. */
  open(): Promise<Backfill[]>;
  /** Notes how far it has got; with `endedAt` nothing is left to do. Returns its state; undefined: another leader is in office. */
  advance(token: string, id: string, progress: Omit<BackfillProgress, "state">): Promise<BackfillState | undefined>;
}

const FIELDS = ["request", "state", "cursor", "active", "counts", "endedAt", "total"] as const;
const NO_COUNTS: BackfillCounts = { created: 0, cleared: 0, left: 0 };

/** @param keepMs how long an ended backfill is kept */
export function openBackfillStore(redis: Redis, keys: Keys, keepMs: number): BackfillStore {
  async function load(ids: readonly string[]): Promise<Backfill[]> {
    const pipeline = redis.pipeline();
    for (const id of ids) pipeline.hmget(keys.backfill(id), ...FIELDS);
    return (await readPipeline(pipeline)).flatMap(values => parseBackfill(values as (string | null)[]) ?? []);
  }

  return {
    async create(request, ticks) {
      const { id, createdAt } = request;
      const create = redis
        .multi()
        .hset(keys.backfill(id), {
          request: JSON.stringify(request),
          state: "running",
          cursor: 0,
          active: "[]",
          counts: JSON.stringify(NO_COUNTS),
          total: ticks.length,
          ticks: JSON.stringify(ticks),
        })
        .zadd(keys.backfills, createdAt, id)
        .sadd(keys.openBackfills, id)
        .rpush(keys.inbox, `backfills\n\n${createdAt}\n\n`);
      await readPipeline(tell(create, keys, { kind: "backfill", backfillId: id, state: "running" }, createdAt));
    },

    async get(id) {
      return (await load([id]))[0];
    },

    async ticks(id, from, to) {
      const text = await redis.hget(keys.backfill(id), "ticks");
      return text === null ? [] : (JSON.parse(text) as BackfillTick[]).slice(from, to);
    },

    async list(limit) {
      return load(await redis.zrevrange(keys.backfills, 0, limit - 1));
    },

    async move(id, to, at) {
      const from = BACKFILL_STATES.filter(state => BACKFILL_MOVES[state].includes(to));
      const reply = await SCRIPTS.moveBackfill.run(
        redis,
        { backfill: keys.backfill(id), inbox: keys.inbox, events: keys.events },
        { id, to, from: `,${from.join(",")},`, at },
      );
      const [result, state] = reply as [MoveBackfillResult["result"], BackfillState];
      return result === "refused" ? { result, state } : { result };
    },

    async live(runIds) {
      if (runIds.length === 0) return [];
      const known = await redis.smismember(keys.live, ...runIds);
      return runIds.filter((_, i) => known[i] === 1);
    },

    async open() {
      const ids = await redis.smembers(keys.openBackfills);
      return ids.length === 0 ? [] : load(ids.sort());
    },

    async advance(token, id, { cursor, active, counts, endedAt }) {
      const reply = await SCRIPTS.advanceBackfill.run(
        redis,
        {
          leader: keys.leader,
          backfill: keys.backfill(id),
          backfills: keys.backfills,
          open: keys.openBackfills,
          events: keys.events,
        },
        {
          token,
          id,
          cursor,
          active: JSON.stringify(active),
          counts: JSON.stringify(counts),
          endedAt: endedAt ?? "",
          keepMs,
        },
      );
      return (reply as BackfillState | null) ?? undefined;
    },
  };
}

function parseBackfill(values: readonly (string | null)[]): Backfill | undefined {
  const [request, state, cursor, active, counts, endedAt, total] = values;
  if (!request || !state || !active || !counts) return undefined;
  return {
    ...(JSON.parse(request) as BackfillRequest),
    state: state as BackfillState,
    cursor: Number(cursor),
    active: JSON.parse(active) as string[],
    counts: JSON.parse(counts) as BackfillCounts,
    total: Number(total),
    ...(endedAt ? { endedAt: Number(endedAt) } : {}),
  };
}
