import type { Redis } from "ioredis";
import { type ClaimStore, openClaimStore } from "./claim-store.ts";
import { type DagStore, openDagStore } from "./dag-store.ts";
import { type EventStream, openEventStream } from "./event-stream.ts";
import { DEFAULT_PREFIX, keysOf } from "./keys.ts";
import { type LeaderStore, openLeaderStore } from "./leader-store.ts";
import { type LogIndex, openLogIndex } from "./log-index.ts";
import { openRunStore, type RunStore } from "./run-store.ts";

/** The record, by who uses it. */
export interface State {
  dags: DagStore;
  runs: RunStore;
  claims: ClaimStore;
  leader: LeaderStore;
  events: EventStream;
  logs: LogIndex;
}

export interface StateOptions {
  /** How long a run is kept after its end; the same in every process. Default: 30 days. */
  retentionMs?: number;
}

const DAY_MS = 86_400_000;
const DEFAULT_RETENTION_MS = 30 * DAY_MS;

/** Retention counts from a run's end. What has to outlive a run counts from its creation, and grants it this much to end. */
const LONGEST_RUN_MS = 60 * DAY_MS;

/**
 * Opens the record on a connection that stays the caller's.
 * @param prefix one installation; must contain a hash tag such as `{windlass}`
 */
export function openState(
  redis: Redis,
  prefix = DEFAULT_PREFIX,
  { retentionMs = DEFAULT_RETENTION_MS }: StateOptions = {},
): State {
  const keys = keysOf(prefix);
  const keepMs = retentionMs + LONGEST_RUN_MS;
  return {
    dags: openDagStore(redis, keys, keepMs),
    runs: openRunStore(redis, keys, keepMs),
    claims: openClaimStore(redis, keys),
    leader: openLeaderStore(redis, keys, retentionMs),
    events: openEventStream(redis, keys),
    logs: openLogIndex(redis, keys),
  };
}
