import { patchBackfill } from "../../../dashboard/routes/patch-backfill.ts";
import { required } from "../../frame/argument.ts";
import { ACT_OPTIONS, carryOut } from "../../frame/carry-out.ts";
import { defineCommand } from "../../frame/command.ts";

type State = "running" | "paused" | "cancelled";

const move = (name: string, state: State, summary: string, question?: (backfillId: string) => string) =>
  defineCommand({
    name,
    summary,
    args: { backfill: required("the backfill's id", { complete: "backfill" }) },
    options: ACT_OPTIONS,
    async run({ args: { backfill: backfillId }, options }, context) {
      const api = await context.api();
      const asking = question === undefined ? {} : { question: question(backfillId) };
      const moved = await carryOut(
        context,
        api,
        patchBackfill,
        { params: { backfillId }, body: { state } },
        { ...options, ...asking },
      );
      if (moved !== undefined) context.io.say(`${moved.id} is ${moved.state}`);
    },
  });

export const pause = move("pause", "paused", "Start no further runs of a backfill.");
export const resume = move("resume", "running", "Go on with a backfill.");
export const cancel = move(
  "cancel",
  "cancelled",
  "End a backfill and its runs, for good.",
  backfillId => `Cancel ${backfillId} and its runs under way?`,
);
