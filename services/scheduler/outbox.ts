import type { NoticeOrder } from "#queue/notice-order.ts";
import type { TaskQueues } from "#queue/task-queues.ts";
import type { Logger } from "#runtime/logger.ts";
import type { AssetStore } from "#state/asset-store.ts";
import type { LeaderStore, Order } from "#state/leader-store.ts";
import { type OrderKind, type OutboxOrder, parseOutboxOrder } from "./outbox-order.ts";

/** Who carries out which orders. Each has to be harmless when repeated: an order's name is computed. */
export interface OutboxDeps {
  /** Shares its Redis connection with the store's commits: jobs arrive behind their commit. */
  queues: Pick<TaskQueues, "add">;
  notices: { add(orders: readonly NoticeOrder[]): Promise<unknown> };
  assets: Pick<AssetStore, "update">;
  store: Pick<LeaderStore, "acknowledge">;
  log: Logger;
}

type Carriers = { [K in OrderKind]: (orders: Extract<OutboxOrder, { kind: K }>[]) => Promise<unknown> };

/** Carries out what was committed, many orders at once. An order leaves the record when it is done. */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #carriers: Carriers;
  /** Orders of the current batch. */
  #batch: OutboxOrder[] = [];

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
    this.#carriers = {
      job: orders => deps.queues.add(orders.map(({ order }) => order)),
      notice: orders => deps.notices.add(orders),
      // One after the other: the order of updates is what somebody may go by.
      assets: async orders => {
        for (const { kind: _, ...update } of orders) await deps.assets.update(update);
      },
    };
  }

  put(orders: readonly OutboxOrder[]): void {
    this.#batch.push(...orders);
  }

  /** Carries out what was put in since the last call. Commands for jobs are on their way when this returns. */
  flush(): Promise<void> | undefined {
    if (this.#batch.length === 0) return undefined;
    const batch = this.#batch;
    this.#batch = [];
    return this.#carry(batch);
  }

  /** Carries out orders as the record has them. One that cannot be read stays there and is reported. */
  async relay(stored: readonly Order[]): Promise<void> {
    const orders: OutboxOrder[] = [];
    for (const { jobId, json } of stored) {
      try {
        orders.push(parseOutboxOrder(jobId, json));
      } catch (err) {
        this.#deps.log.error({ event: "outbox.unreadable", id: jobId, err });
      }
    }
    await this.#carry(orders);
  }

  async #carry(orders: readonly OutboxOrder[]): Promise<void> {
    const carried = (Object.keys(this.#carriers) as OrderKind[]).map(kind => this.#carryKind(kind, orders));
    const failed = (await Promise.allSettled(carried)).find(result => result.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  }

  async #carryKind<K extends OrderKind>(kind: K, orders: readonly OutboxOrder[]): Promise<void> {
    const own = orders.filter((order): order is Extract<OutboxOrder, { kind: K }> => order.kind === kind);
    if (own.length === 0) return;
    await this.#carriers[kind](own);
    await this.#deps.store.acknowledge(own.map(({ id }) => id));
  }
}
