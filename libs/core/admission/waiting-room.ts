import { LIMIT_KINDS, type Limit } from "./limit.ts";
import { isBefore, type Ticket } from "./ticket.ts";
import { firstBlock, WaitingGroup } from "./waiting-group.ts";

/** Who holds slots and who waits for them. A limit that got room asks its first, and goes on until one of them cannot go because of itself. */
export class WaitingRoom {
  readonly #groups = new Map<string, WaitingGroup>();
  /** Limits that may have room for somebody who waits. */
  readonly #stirred = new Set<Limit>();
  /** How many times a group was asked whether its first can go: what all that is released costs. */
  looks = 0;

  /** Takes the ticket's slots if there is room and nobody is before it. */
  enter(ticket: Ticket): boolean {
    const { shares, signature } = ticket.demand;
    const group = this.#groups.get(signature);
    if (group?.first !== undefined && isBefore(group.first, ticket)) return false;
    if (firstBlock(shares, ticket, group) !== undefined) return false;
    group?.unreserve();
    this.hold(ticket);
    return true;
  }

  /** Gives the ticket its slots, whether or not there is room: what lives has them. */
  hold(ticket: Ticket): void {
    this.leave(ticket);
    ticket.standing = "held";
    for (const { limit, slots } of ticket.demand.shares) limit.hold(ticket, slots);
  }

  /** Lines the ticket up. It wants at least one limit. */
  wait(ticket: Ticket): void {
    const { signature, shares } = ticket.demand;
    const group = this.#groups.get(signature) ?? new WaitingGroup(signature, shares);
    this.#groups.set(signature, group);
    const { parkedAt } = group;
    group.park(undefined);
    group.add(ticket);
    const block = parkedAt !== undefined && group.first !== ticket ? parkedAt : group.blockedBy();
    group.park(block ?? shares.at(-1)!.limit);
    if (block === undefined) this.#stirred.add(group.parkedAt!);
    if (parkedAt !== undefined && parkedAt !== group.parkedAt) this.#stirred.add(parkedAt);
  }

  /** Gives back what the ticket holds of the limits that are not kept. */
  giveBack(ticket: Ticket, keeps: (limit: Limit) => boolean = () => false): void {
    for (const { limit } of ticket.demand.shares) if (!keeps(limit) && limit.release(ticket)) this.#stirred.add(limit);
  }

  /** The ticket does not wait for slots any more. */
  leave(ticket: Ticket): void {
    const { group } = ticket;
    if (group === undefined) return;
    const { parkedAt } = group;
    this.#takeOut(ticket, group);
    if (parkedAt !== undefined) this.#stirred.add(parkedAt);
  }

  /** Everybody who waits is asked again. */
  stir(limits: Iterable<Limit>): void {
    for (const limit of limits) this.#stirred.add(limit);
  }

  /**
   * Lets go who can.
   * @param isStillReady false: something else holds the ticket back now, and it has left the room
   */
  serve(isStillReady: (ticket: Ticket) => boolean, onAdmitted: (ticket: Ticket) => void): void {
    // A set can grow while it is walked.
    for (const limit of this.#stirred) {
      this.#stirred.delete(limit);
      this.#serveAt(limit, isStillReady, onAdmitted);
    }
  }

  #serveAt(limit: Limit, isStillReady: (ticket: Ticket) => boolean, onAdmitted: (ticket: Ticket) => void): void {
    for (let group = limit.parked.peek(); group !== undefined; group = limit.parked.peek()) {
      const ticket = group.first!;
      if (!isStillReady(ticket)) continue;
      this.looks++;
      const block = group.blockedBy();
      if (block === limit) return;
      if (block === undefined) {
        group.unreserve();
        group.wasTurnedAway = false;
        this.#takeOut(ticket, group);
        this.hold(ticket);
        onAdmitted(ticket);
        continue;
      }
      // At its second turn it keeps what it is its turn for: it might never find room at both at once.
      if (group.wasTurnedAway && LIMIT_KINDS.indexOf(block.kind) > LIMIT_KINDS.indexOf(limit.kind)) group.reserve(limit);
      group.wasTurnedAway = true;
      group.park(block);
    }
  }

  #takeOut(ticket: Ticket, group: WaitingGroup): void {
    const { parkedAt } = group;
    // Out of the limit's order while its first changes.
    group.park(undefined);
    group.remove(ticket);
    if (group.size > 0) return group.park(parkedAt);
    for (const limit of group.unreserve()) this.#stirred.add(limit);
    this.#groups.delete(group.signature);
  }
}
