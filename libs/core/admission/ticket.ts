import type { Limit } from "./limit.ts";
import type { WaitingGroup } from "./waiting-group.ts";

/** Slots of one limit. */
export interface Share {
  readonly limit: Limit;
  readonly slots: number;
}

/** What a task has to have before it may go: the same for all instances of a mapped task. */
export interface Demand {
  /** From the narrowest limit to the widest. */
  readonly shares: readonly Share[];
  /** Names the shares: tasks that want the same of the same limits are held back together. */
  readonly signature: string;
  readonly weight: number;
  /** What of the run before has to have ended well. */
  readonly past: "task" | "downstream" | undefined;
}

/**
 * waiting: in a group, for slots · past: for a task of the run before · held: has its slots · deferred: gave back what is not its own
 * while it waits outside · out: none of these
 */
export type Standing = "waiting" | "past" | "held" | "deferred" | "out";

/** A task as the admission knows it. */
export interface Ticket {
  readonly runId: string;
  readonly taskId: string;
  readonly demand: Demand;
  /** The lower, the earlier its turn. Does not change while it waits. */
  order: number;
  /** Decides between equal orders: who came first. */
  readonly ordinal: number;
  standing: Standing;
  group?: WaitingGroup | undefined;
  /** In past: the fact it waits for. */
  fact?: string | undefined;
}

export const isBefore = (a: Ticket, b: Ticket): boolean => (a.order === b.order ? a.ordinal < b.ordinal : a.order < b.order);
