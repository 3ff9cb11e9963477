import { markRun } from "../../../dashboard/routes/mark-run.ts";
import { resolveRun } from "../../client/run-ref.ts";
import { required } from "../../frame/argument.ts";
import { ACT_OPTIONS, carryOut } from "../../frame/carry-out.ts";
import { defineCommand } from "../../frame/command.ts";
import { oneOf } from "../../input/one-of.ts";
import { RUN } from "../run-argument.ts";

export const mark = defineCommand({
  name: "mark",
  summary: "End a run as success or failed, whatever its tasks say.",
  args: { run: RUN, state: required("success or failed") },
  options: ACT_OPTIONS,
  async run({ args, options }, context) {
    const state = oneOf(args.state, ["success", "failed"]);
    const api = await context.api();
    const runId = await resolveRun(api, args.run);
    const asked = { ...options, question: `Mark run ${runId} as ${state}?` };
    const reply = await carryOut(context, api, markRun, { params: { runId }, body: { state } }, asked);
    if (reply !== undefined) context.io.say(`${runId} will be ${state}`);
  },
});
