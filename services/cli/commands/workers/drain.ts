import { drainWorker } from "../../../dashboard/routes/drain-worker.ts";
import { required } from "../../frame/argument.ts";
import { ACT_OPTIONS, carryOut } from "../../frame/carry-out.ts";
import { defineCommand } from "../../frame/command.ts";

export const drain = defineCommand({
  name: "drain",
  summary: "Let a worker take no more jobs and hand over those it holds; no pod is touched.",
  args: { worker: required("the worker's id", { complete: "worker" }) },
  options: ACT_OPTIONS,
  async run({ args: { worker: workerId }, options }, context) {
    const api = await context.api();
    const asked = { ...options, question: `Drain worker ${workerId}?` };
    const reply = await carryOut(context, api, drainWorker, { params: { workerId }, body: {} }, asked);
    if (reply !== undefined) context.io.say(`${reply.id} hands over ${reply.held} jobs`);
  },
});
