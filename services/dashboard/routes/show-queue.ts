import { QueueParams, QueueReply } from "#contract/queue.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { queueReply } from "../replies/queue-reply.ts";
import { unknownQueue } from "./unknown.ts";

export const showQueue = defineRoute({
  method: "get",
  path: "/api/v1/queues/:queue",
  role: "viewer",
  summary: "One queue. An autoscaler reads `demand`: the jobs that wait and those that workers hold.",
  params: QueueParams,
  query: NOTHING,
  body: NO_BODY,
  reply: QueueReply,
  edited: ({ paused }) => paused,
  async handle({ params: { queue } }, { queues, workers, now }) {
    const [names, rows] = await Promise.all([queues.names(), workers.listWorkers()]);
    if (!names.includes(queue)) throw unknownQueue(queue);
    return { body: queueReply(queue, await queues.of(queue).demand(), rows, now()) };
  },
});
