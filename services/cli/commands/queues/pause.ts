import { patchQueue } from "../../../dashboard/routes/patch-queue.ts";
import { required } from "../../frame/argument.ts";
import { carryOut, DRY_RUN } from "../../frame/carry-out.ts";
import { defineCommand } from "../../frame/command.ts";
import { showQueues } from "./list.ts";

const setPaused = (name: string, paused: boolean, summary: string) =>
  defineCommand({
    name,
    summary,
    args: { queue: required("the queue's name", { complete: "queue" }) },
    options: DRY_RUN,
    async run({ args: { queue }, options }, context) {
      const api = await context.api();
      const reply = await carryOut(context, api, patchQueue, { params: { queue }, body: { paused } }, options);
      if (reply !== undefined) await showQueues([reply], context);
    },
  });

export const pause = setPaused("pause", true, "Let a queue give out no jobs; what runs goes on.");
export const resume = setPaused("resume", false, "Let a queue give out jobs again.");
