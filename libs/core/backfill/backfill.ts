import type { RunState } from "../run.ts";

/** What becomes of runs that exist: they stay, their failed tasks run again, or all of their tasks do. */
export const REPROCESS = ["none", "failed", "all"] as const;
export type Reprocess = (typeof REPROCESS)[number];

export const BACKFILL_ORDERS = ["oldest", "newest"] as const;
/** Which tick comes first. */
export type BackfillOrder = (typeof BACKFILL_ORDERS)[number];

export const BACKFILL_STATES = ["running", "paused", "cancelled", "done"] as const;
export type BackfillState = (typeof BACKFILL_STATES)[number];

/** The most ticks of one backfill. */
export const MAX_BACKFILL_TICKS = 10_000;

/** What somebody asked for: runs of a schedule's ticks over a range. Never changes. */
export interface BackfillRequest {
  id: string;
  dagId: string;
  /** Logical dates, both included. */
  fromAt: number;
  untilAt: number;
  reprocess: Reprocess;
  order: BackfillOrder;
  /** How many of its runs may be under way at once, whatever the DAG's own limit is. */
  maxActiveRuns: number;
  conf: Readonly<Record<string, unknown>>;
  createdAt: number;
  by: string;
}

/** How many ticks ended in which way. */
export interface BackfillCounts {
  created: number;
  /** Runs that existed, of which tasks run again. */
  cleared: number;
  /** Runs that existed, and stayed as they were. */
  left: number;
}

/** How far a backfill has got. */
export interface BackfillProgress {
  state: BackfillState;
  /** How many of its ticks are carried out. */
  cursor: number;
  /** Its runs under way. */
  active: readonly string[];
  counts: BackfillCounts;
  endedAt?: number;
}

/** What is done for a tick. */
export type BackfillAction = "create" | "clearFailed" | "clearAll" | "leave";

/** Which states a person may move a backfill between. The leader ends it. */
export const BACKFILL_MOVES: Readonly<Record<BackfillState, readonly BackfillState[]>> = {
  running: ["paused", "cancelled"],
  paused: ["running", "cancelled"],
  cancelled: [],
  done: [],
};

type Existing = RunState | "none";

const LEAVE = { queued: "leave", running: "leave", success: "leave", failed: "leave", cancelled: "leave" } as const;

/** A run that is queued or running is never started a second time. */
const ACTIONS: Readonly<Record<Reprocess, Readonly<Record<Existing, BackfillAction>>>> = {
  none: { ...LEAVE, none: "create" },
  failed: { ...LEAVE, none: "create", failed: "clearFailed", cancelled: "clearFailed" },
  all: { ...LEAVE, none: "create", success: "clearAll", failed: "clearAll", cancelled: "clearAll" },
};

/** What has to be done for a tick whose run is in this state; undefined: it has none. */
export const actionFor = (reprocess: Reprocess, state: RunState | undefined): BackfillAction =>
  ACTIONS[reprocess][state ?? "none"];
