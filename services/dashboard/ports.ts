import type { LogStore } from "#logstore/log-store.ts";
import type { TaskQueue } from "#queue/task-queue.ts";
import type { JobPlace } from "#queue/task-queues.ts";
import type { Setting } from "#runtime/describe-settings.ts";
import type { ActStore } from "#state/act-store.ts";
import type { ApprovalStore } from "#state/approval-store.ts";
import type { AssetStore } from "#state/asset-store.ts";
import type { AuditStore } from "#state/audit-store.ts";
import type { BackfillStore } from "#state/backfill-store.ts";
import type { BundleStore } from "#state/bundle-store.ts";
import type { CellStore } from "#state/cell-store.ts";
import type { ClaimStore } from "#state/claim-store.ts";
import type { DagStore } from "#state/dag-store.ts";
import type { DrainStore } from "#state/drain-store.ts";
import type { HorizonStore } from "#state/horizon-store.ts";
import type { LeaderStore } from "#state/leader-store.ts";
import type { MarkStore } from "#state/mark-store.ts";
import type { PodSettingsStore } from "#state/pod-settings-store.ts";
import type { PoolStore } from "#state/pool-store.ts";
import type { ReplyStore } from "#state/reply-store.ts";
import type { RunStore } from "#state/run-store.ts";
import type { SessionStore } from "#state/session-store.ts";
import type { TokenStore } from "#state/token-store.ts";
import type { UserStore } from "#state/user-store.ts";
import type { VariableStore } from "#state/variable-store.ts";
import type { LoginLimit } from "./auth/login-limit.ts";
import type { LastGood } from "./last-good.ts";
import type { Layouts } from "./layout/layouts.ts";
import type { LiveHub } from "./live/live-hub.ts";
import type { LogLines } from "./log-lines/log-lines.ts";
import type { Overview } from "./overview/overview.ts";

/** All that the API's handlers can reach. They read and ask; none of them can move a task. */
export interface Ports {
  dags: Pick<
    DagStore,
    | "getDag"
    | "listDags"
    | "getSpec"
    | "putSpec"
    | "setPaused"
    | "listImportErrors"
    | "listVersions"
    | "getRemovedDag"
    | "getSource"
    | "requestForget"
    | "listRemovedDags"
  >;
  runs: Pick<
    RunStore,
    | "createRun"
    | "getRun"
    | "getTask"
    | "getSummary"
    | "getTask"
    | "listRuns"
    | "pageRuns"
    | "listTries"
    | "notes"
    | "outputs"
    | "remarks"
    | "history"
    | "requestCancel"
  >;
  acts: Pick<ActStore, "request" | "remark" | "record">;
  marks: Pick<MarkStore, "marked">;
  approvals: Pick<ApprovalStore, "decide">;
  /** Starts a job that waits for its delay. false: it does not wait for one. */
  startJob(job: JobPlace): Promise<boolean>;
  horizons: Pick<HorizonStore, "get">;
  backfills: Pick<BackfillStore, "create" | "get" | "list" | "move">;
  bundles: Pick<BundleStore, "put" | "ask" | "get" | "list" | "remove">;
  assets: Pick<AssetStore, "tell" | "list">;
  workers: Pick<ClaimStore, "listWorkers">;
  /** The queues that were ever used. */
  queues: { names(): Promise<readonly string[]>; of(name: string): Pick<TaskQueue, "demand" | "setPaused"> };
  /** What the start page and the list of DAGs show. */
  overview: Overview;
  drains: Pick<DrainStore, "ask">;
  podSettings: Pick<PodSettingsStore, "get">;
  lastGood: LastGood;
  /** What this process was told, and by what. */
  settings: readonly Setting[];
  pools: PoolStore;
  replies: ReplyStore;
  /** What the leader looks at: which runs have not ended, and whether there is a leader. */
  live: Pick<LeaderStore, "liveRuns" | "leading" | "unread">;
  variables: VariableStore;
  layouts: Layouts;
  cells: CellStore;
  logLines: LogLines;
  audit: AuditStore;
  tokens: TokenStore;
  users: UserStore;
  sessions: Pick<SessionStore, "endAll">;
  logins: LoginLimit;
  /** Who watches what happens. */
  watchers: Pick<LiveHub, "begin" | "join" | "leave">;
  logs: Pick<LogStore, "read" | "follow" | "list">;
  /** Template of a log's address elsewhere; absent: the log store has the logs, or nobody has. */
  logLink?: string | undefined;
  /** Options of a pod task that runs may override. */
  runOverrides: ReadonlySet<string>;
  now: () => number;
  /** Six characters that tell runs of one millisecond apart. */
  chance: () => string;
}
