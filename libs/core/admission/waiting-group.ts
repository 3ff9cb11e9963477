import { IndexedHeap } from "../indexed-heap.ts";
import type { Limit } from "./limit.ts";
import { isBefore, type Share, type Ticket } from "./ticket.ts";

/**
 * Waiting tasks that want the same of the same limits. What holds the first one back holds back all, so that a limit looks at groups and
 * not at a thousand tasks.
 */
export class WaitingGroup {
  readonly signature: string;
  readonly shares: readonly Share[];
  /** The limit that holds it back. */
  parkedAt: Limit | undefined;
  /** It had its turn somewhere and could not go. From then on it keeps what it gets its turn for. */
  wasTurnedAway = false;
  readonly #waiting = new IndexedHeap<Ticket>(isBefore);

  constructor(signature: string, shares: readonly Share[]) {
    this.signature = signature;
    this.shares = shares;
  }

  get first(): Ticket | undefined {
    return this.#waiting.peek();
  }

  get size(): number {
    return this.#waiting.size;
  }

  isBefore(other: WaitingGroup): boolean {
    return isBefore(this.first!, other.first!);
  }

  add(ticket: Ticket): void {
    ticket.standing = "waiting";
    ticket.group = this;
    this.#waiting.put(ticket);
  }

  remove(ticket: Ticket): void {
    ticket.group = undefined;
    this.#waiting.delete(ticket);
  }

  /** The limit that keeps the group's first task from going. */
  blockedBy(): Limit | undefined {
    return firstBlock(this.shares, this.first!, this);
  }

  park(at: Limit | undefined): void {
    this.parkedAt?.parked.delete(this);
    this.parkedAt?.oversized.delete(this);
    this.parkedAt = at;
    if (at === undefined) return;
    if (at.isTooSmall(this.#slotsOf(at))) at.oversized.add(this);
    else at.parked.put(this);
  }

  /** Keeps slots of a limit for its first task. */
  reserve(limit: Limit): void {
    limit.hold(this, this.#slotsOf(limit));
  }

  /** Gives back what it kept; returns the limits. */
  unreserve(): Limit[] {
    return this.shares.filter(({ limit }) => limit.release(this)).map(({ limit }) => limit);
  }

  #slotsOf(limit: Limit): number {
    return this.shares.find(share => share.limit === limit)!.slots;
  }
}

/** The first of the limits that has no room, or room only for one whose turn comes before. */
export function firstBlock(shares: readonly Share[], ticket: Ticket, group: WaitingGroup | undefined): Limit | undefined {
  for (const { limit, slots } of shares) {
    if (group !== undefined && limit.holds(group)) continue;
    if (!limit.hasRoom(slots) || aheadAt(limit, ticket, group) !== undefined) return limit;
  }
  return undefined;
}

/** Whose turn at the limit comes before the ticket's, in another group. */
export function aheadAt(limit: Limit, ticket: Ticket, group: WaitingGroup | undefined): Ticket | undefined {
  const before = limit.parked.peek();
  if (before === undefined || before === group) return undefined;
  return isBefore(before.first!, ticket) ? before.first : undefined;
}
