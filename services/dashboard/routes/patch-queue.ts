import { PatchQueueBody, QueueParams, QueueReply } from "#contract/queue.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { queueReply } from "../replies/queue-reply.ts";
import { showQueue } from "./show-queue.ts";
import { unknownQueue } from "./unknown.ts";

export const patchQueue = defineRoute({
  method: "patch",
  path: "/api/v1/queues/:queue",
  role: "operator",
  summary: "Pauses or resumes a queue: a paused one gives out no jobs, and what runs goes on.",
  params: QueueParams,
  query: NOTHING,
  body: PatchQueueBody,
  reply: QueueReply,
  edits: showQueue,
  async handle({ params: { queue }, body: { paused } }, { queues, workers, now }) {
    const [names, rows] = await Promise.all([queues.names(), workers.listWorkers()]);
    if (!names.includes(queue)) throw unknownQueue(queue);
    await queues.of(queue).setPaused(paused);
    return { body: queueReply(queue, await queues.of(queue).demand(), rows, now()) };
  },
});
