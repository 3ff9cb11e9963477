import { showBackfill } from "../../../dashboard/routes/show-backfill.ts";
import { required } from "../../frame/argument.ts";
import { defineCommand } from "../../frame/command.ts";
import { showBackfills } from "../show-backfills.ts";

export const get = defineCommand({
  name: "get",
  summary: "Show how far a backfill has got.",
  args: { backfill: required("the backfill's id", { complete: "backfill" }) },
  options: {},
  async run({ args: { backfill: backfillId } }, context) {
    const api = await context.api();
    await showBackfills([await api.call(showBackfill, { params: { backfillId } })], context);
  },
});
