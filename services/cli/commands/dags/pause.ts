import { patchDag } from "../../../dashboard/routes/patch-dag.ts";
import { some } from "../../frame/argument.ts";
import { carryOut, DRY_RUN } from "../../frame/carry-out.ts";
import { defineCommand } from "../../frame/command.ts";

const setPaused = (name: string, paused: boolean, summary: string) =>
  defineCommand({
    name,
    summary,
    args: { dags: some("the DAGs' ids", { complete: "dag" }) },
    options: DRY_RUN,
    async run({ args: { dags }, options }, context) {
      const api = await context.api();
      for (const dagId of dags) {
        const dag = await carryOut(context, api, patchDag, { params: { dagId }, body: { paused } }, options);
        if (dag !== undefined) context.io.say(`${dag.id} is ${dag.paused ? "paused" : "active"}`);
      }
    },
  });

export const pause = setPaused("pause", true, "Let schedules start nothing; runs that are there go on.");
export const unpause = setPaused("unpause", false, "Let schedules start runs again.");
