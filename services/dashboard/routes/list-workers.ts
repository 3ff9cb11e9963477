import { PageQuery } from "#contract/list.ts";
import { WorkerListReply } from "#contract/worker.ts";
import { pageOf } from "../http/page-of.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { workerReply } from "../replies/worker-reply.ts";

export const listWorkers = defineRoute({
  method: "get",
  path: "/api/v1/workers",
  role: "viewer",
  summary: "Workers that are alive, and how many tries each holds.",
  params: NOTHING,
  query: PageQuery,
  body: NO_BODY,
  reply: WorkerListReply,
  async handle({ query, pageAfter }, { workers }) {
    const page = pageOf(await workers.listWorkers(), query, ({ id }) => id);
    return { body: { workers: page.items.map(workerReply), links: pageAfter(page.next) } };
  },
});
