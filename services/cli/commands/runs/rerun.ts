import { randomUUID } from "node:crypto";
import { rerun as rerunRoute } from "../../../dashboard/routes/rerun.ts";
import { FINISH_OPTIONS, finishRun } from "../../client/finish-run.ts";
import { resolveRun } from "../../client/run-ref.ts";
import { carryOut, DRY_RUN } from "../../frame/carry-out.ts";
import { defineCommand } from "../../frame/command.ts";
import { flag, list, text } from "../../frame/option.ts";
import { readParams } from "../../input/read-params.ts";
import { RUN } from "../run-argument.ts";
import { showStarted } from "../show-started.ts";

export const rerun = defineCommand({
  name: "rerun",
  summary: "Start a new run like an earlier one: the same date, the same parameters or others.",
  args: { run: RUN },
  options: {
    newest: flag("--newest", "with the newest version of the DAG"),
    param: list("-p, --param <k=v>", "other parameters; all of them, not some"),
    paramsFile: text("-f, --params-file <file>", "parameters as a JSON object; - reads standard input", { complete: "file" }),
    ...FINISH_OPTIONS,
    ...DRY_RUN,
  },
  async run({ args, options }, context) {
    const api = await context.api();
    const runId = await resolveRun(api, args.run);
    const isSame = options.param.length === 0 && options.paramsFile === undefined;
    const conf = isSame ? {} : { conf: await readParams(options.param, options.paramsFile, context.io) };
    const body = { ...conf, version: options.newest ? "newest" : "run" } as const;
    const headers = { "idempotency-key": randomUUID() };
    const started = await carryOut(context, api, rerunRoute, { params: { runId }, body, headers }, options);
    if (started === undefined) return;
    await showStarted(context, api, started, options);
    return finishRun(context, api, started.id, options);
  },
});
