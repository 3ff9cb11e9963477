import { WorkerListReply } from "#contract/worker.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { workerReply } from "../replies/worker-reply.ts";

export const listWorkers = defineRoute({
  method: "get",
  path: "/api/v1/workers",
  summary: "Workers that are alive, and how many tries each holds.",
  params: NOTHING,
  query: NOTHING,
  body: NO_BODY,
  reply: WorkerListReply,
  async handle(_request, { workers }) {
    const rows = await workers.listWorkers();
    return { body: { workers: rows.map(workerReply) } };
  },
});
