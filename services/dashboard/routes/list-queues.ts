import { PageQuery } from "#contract/list.ts";
import { QueueListReply } from "#contract/queue.ts";
import { pageOf } from "../http/page-of.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { queueReply } from "../replies/queue-reply.ts";

export const listQueues = defineRoute({
  method: "get",
  path: "/api/v1/queues",
  role: "viewer",
  summary: "The queues that were ever used: what waits, how long, and who takes from them.",
  params: NOTHING,
  query: PageQuery,
  body: NO_BODY,
  reply: QueueListReply,
  async handle({ query, pageAfter }, { queues, workers, now }) {
    const [names, rows] = await Promise.all([queues.names(), workers.listWorkers()]);
    const page = pageOf(names, query, name => name);
    const found = await Promise.all(page.items.map(async name => queueReply(name, await queues.of(name).demand(), rows, now())));
    return { body: { queues: found, links: pageAfter(page.next) } };
  },
});
