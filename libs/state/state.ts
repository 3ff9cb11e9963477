import type { Redis } from "ioredis";
import { type ActStore, openActStore } from "./act-store.ts";
import { type ApprovalStore, openApprovalStore } from "./approval-store.ts";
import { openRunArchive } from "./archive/run-archive.ts";
import { type AssetStore, openAssetStore } from "./asset-store.ts";
import { type AuditStore, openAuditStore } from "./audit-store.ts";
import { type BackfillStore, openBackfillStore } from "./backfill-store.ts";
import { type BundleStore, openBundleStore } from "./bundle-store.ts";
import { type CellStore, openCellStore } from "./cell-store.ts";
import { type ClaimStore, openClaimStore } from "./claim-store.ts";
import { type DagStore, openDagStore } from "./dag-store.ts";
import { type DrainStore, openDrainStore } from "./drain-store.ts";
import { type EventStream, openEventStream } from "./event-stream.ts";
import { type HorizonStore, openHorizonStore } from "./horizon-store.ts";
import { DEFAULT_PREFIX, keysOf } from "./keys.ts";
import { type LeaderStore, openLeaderStore } from "./leader-store.ts";
import { type LogIndex, openLogIndex } from "./log-index.ts";
import { type MarkStore, openMarkStore } from "./mark-store.ts";
import { openPodSettingsStore, type PodSettingsStore } from "./pod-settings-store.ts";
import { openPoolStore, type PoolStore } from "./pool-store.ts";
import { openQueueIndex, type QueueIndex } from "./queue-index.ts";
import { openRateStore, type RateStore } from "./rate-store.ts";
import { openReplyStore, type ReplyStore } from "./reply-store.ts";
import { openResourceLedger, type ResourceLedger } from "./resource-ledger.ts";
import { openRunStore, type RunStore } from "./run-store.ts";
import { openScopeStore, type ScopeStore } from "./scope-store.ts";
import { openSessionStore, type SessionStore } from "./session-store.ts";
import { openTokenStore, type TokenStore } from "./token-store.ts";
import { openUserStore, type UserStore } from "./user-store.ts";
import { openVariableStore, type VariableStore } from "./variable-store.ts";

/** The record, by who uses it. */
export interface State {
  dags: DagStore;
  runs: RunStore;
  claims: ClaimStore;
  leader: LeaderStore;
  acts: ActStore;
  events: EventStream;
  drains: DrainStore;
  podSettings: PodSettingsStore;
  assets: AssetStore;
  backfills: BackfillStore;
  bundles: BundleStore;
  horizons: HorizonStore;
  logs: LogIndex;
  pools: PoolStore;
  queues: QueueIndex;
  replies: ReplyStore;
  approvals: ApprovalStore;
  marks: MarkStore;
  resources: ResourceLedger;
  variables: VariableStore;
  scopes: ScopeStore;
  cells: CellStore;
  audit: AuditStore;
  users: UserStore;
  tokens: TokenStore;
  sessions: SessionStore;
  rates: RateStore;
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
  const archive = openRunArchive(redis, keys);
  return {
    dags: openDagStore(redis, keys, keepMs),
    runs: openRunStore(redis, keys, keepMs, archive),
    claims: openClaimStore(redis, keys, archive),
    leader: openLeaderStore(redis, keys, retentionMs, archive),
    acts: openActStore(redis, keys, archive),
    events: openEventStream(redis, keys),
    drains: openDrainStore(redis, keys),
    podSettings: openPodSettingsStore(redis, keys),
    assets: openAssetStore(redis, keys),
    backfills: openBackfillStore(redis, keys, keepMs),
    bundles: openBundleStore(redis, keys),
    horizons: openHorizonStore(redis, keys),
    logs: openLogIndex(redis, keys),
    pools: openPoolStore(redis, keys),
    queues: openQueueIndex(redis, keys),
    replies: openReplyStore(redis, keys),
    approvals: openApprovalStore(redis, keys),
    marks: openMarkStore(redis, keys),
    resources: openResourceLedger(redis, keys),
    variables: openVariableStore(redis, keys),
    scopes: openScopeStore(redis, keys),
    cells: openCellStore(redis, keys, archive),
    audit: openAuditStore(redis, keys),
    users: openUserStore(redis, keys),
    tokens: openTokenStore(redis, keys),
    sessions: openSessionStore(redis, keys),
    rates: openRateStore(redis, keys),
  };
}
