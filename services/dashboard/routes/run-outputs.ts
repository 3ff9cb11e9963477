import { RunParams } from "#contract/run.ts";
import { OutputsReply } from "#contract/task.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { unknownRun } from "./unknown.ts";

export const runOutputs = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId/outputs",
  role: "viewer",
  summary: "The results that the run's tasks have written.",
  params: RunParams,
  query: NOTHING,
  body: NO_BODY,
  reply: OutputsReply,
  async handle({ params: { runId } }, { runs }) {
    const [run, outputs] = await Promise.all([runs.getSummary(runId), runs.outputs(runId)]);
    if (run === undefined) throw unknownRun(runId);
    return { body: { outputs: Object.fromEntries(outputs) } };
  },
});
