import { DrainReply, WorkerParams } from "#contract/worker.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { unknownWorker } from "./unknown.ts";

export const drainWorker = defineRoute({
  method: "post",
  path: "/api/v1/workers/:workerId/drain",
  role: "admin",
  summary:
    "Lets a worker take no more jobs and hand over those it holds, within its next heartbeat (5 s). No pod is touched. It stays so until it ends.",
  params: WorkerParams,
  query: NOTHING,
  body: NOTHING,
  reply: DrainReply,
  statuses: [202],
  idempotent: "kept",
  async handle({ params: { workerId }, caller }, { workers, drains, now }) {
    const worker = (await workers.listWorkers()).find(({ id }) => id === workerId);
    if (worker === undefined) throw unknownWorker(workerId);
    await drains.ask(workerId, { at: now(), by: caller.name, startedAt: worker.startedAt });
    return { status: 202, body: { id: workerId, state: worker.state, held: worker.held } };
  },
});
