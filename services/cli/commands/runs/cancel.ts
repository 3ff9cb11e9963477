import { cancelRun } from "../../../dashboard/routes/cancel-run.ts";
import { FINISH_OPTIONS } from "../../client/finish-run.ts";
import { resolveRun } from "../../client/run-ref.ts";
import { watchRun } from "../../client/watch-run.ts";
import { some } from "../../frame/argument.ts";
import { ACT_OPTIONS, carryOut } from "../../frame/carry-out.ts";
import { defineCommand } from "../../frame/command.ts";
import { RUN } from "../run-argument.ts";

const WORDS = { requested: "will be cancelled", already: "is being cancelled", ended: "had ended before" } as const;

export const cancel = defineCommand({
  name: "cancel",
  summary: "End runs: pods are deleted, what has not started never starts.",
  args: { runs: some(RUN.meaning, { complete: "run" }) },
  options: { wait: FINISH_OPTIONS.wait, timeout: FINISH_OPTIONS.timeout, ...ACT_OPTIONS },
  async run({ args: { runs }, options }, context) {
    const { io, signal } = context;
    const api = await context.api();
    for (const written of runs) {
      const runId = await resolveRun(api, written);
      const asked = { ...options, question: `Cancel run ${runId}?` };
      const reply = await carryOut(context, api, cancelRun, { params: { runId }, body: {} }, asked);
      if (reply === undefined) continue;
      io.say(`${runId} ${WORDS[reply.result]}`);
      if (options.wait) io.say(`${runId}  ${(await watchRun(api, runId, { signal, timeoutMs: options.timeout })).state}`);
    }
  },
});
