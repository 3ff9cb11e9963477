import { randomUUID } from "node:crypto";
import { startRun } from "../../../dashboard/routes/start-run.ts";
import { FINISH_OPTIONS, finishRun } from "../../client/finish-run.ts";
import { required } from "../../frame/argument.ts";
import { carryOut, DRY_RUN } from "../../frame/carry-out.ts";
import { defineCommand } from "../../frame/command.ts";
import { list, text } from "../../frame/option.ts";
import { readParams } from "../../input/read-params.ts";
import { showStarted } from "../show-started.ts";

export const trigger = defineCommand({
  name: "trigger",
  summary: "Start a run of a DAG, also of a paused one.",
  args: { dag: required("the DAG's id", { complete: "dag" }) },
  options: {
    param: list("-p, --param <k=v>", "a parameter; a value that is JSON counts as JSON"),
    paramsFile: text("-f, --params-file <file>", "parameters as a JSON object; - reads standard input", { complete: "file" }),
    runId: text("--run-id <id>", "the run's id, or its part behind DAG~; a second run of that id is refused"),
    idempotencyKey: text("--idempotency-key <key>", "two calls with one key start one run"),
    ...FINISH_OPTIONS,
    ...DRY_RUN,
  },
  examples: ["windlass dags trigger etl -p day=2026-11-01 --watch", "windlass dags trigger etl --wait --timeout 1h && echo done"],
  async run({ args: { dag: dagId }, options }, context) {
    const conf = await readParams(options.param, options.paramsFile, context.io);
    const api = await context.api();
    // An answer that was lost on its way must not become a second run.
    const headers = { "idempotency-key": options.idempotencyKey ?? randomUUID() };
    const body = { conf, ...(options.runId === undefined ? {} : { runId: options.runId }) };
    const started = await carryOut(context, api, startRun, { params: { dagId }, body, headers }, options);
    if (started === undefined) return;
    await showStarted(context, api, started, options);
    return finishRun(context, api, started.id, options);
  },
});
