import { instantField } from "#contract/instant.ts";
import type { QueueReply } from "#contract/queue.ts";
import { DEFAULT_QUEUE } from "#core/queue-name.ts";
import type { QueueDemand } from "#queue/queue-demand.ts";
import type { WorkerRow } from "#state/claim-store.ts";
import { links } from "../links.ts";

/** A queue beside the workers that take from it; those that hand over what they hold do not count. */
export function queueReply(name: string, demand: QueueDemand, workers: readonly WorkerRow[], now: number): QueueReply {
  const takers = workers
    .filter(({ state }) => state === "running")
    .flatMap(({ id, queues, concurrency, held }) =>
      (queues ?? [{ name: DEFAULT_QUEUE, concurrency, held }]).map(queue => ({ id, ...queue })),
    )
    .filter(queue => queue.name === name);
  const { isPaused, waiting, active, delayed, oldestAt } = demand;
  return {
    name,
    paused: isPaused,
    demand: waiting + active,
    waiting,
    active,
    delayed,
    ...instantField("oldestWaitingAt", oldestAt),
    oldestWaitMs: oldestAt === undefined ? 0 : Math.max(0, now - oldestAt),
    workers: {
      ids: takers.map(({ id }) => id),
      count: takers.length,
      slots: takers.reduce((slots, { concurrency }) => slots + concurrency, 0),
      held: takers.reduce((sum, { held }) => sum + held, 0),
    },
    links: { self: links.queue(name), board: links.board(name) },
  };
}
