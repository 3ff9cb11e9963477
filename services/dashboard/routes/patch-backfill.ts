import { BackfillParams, BackfillReply, PatchBackfillBody } from "#contract/backfill.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { backfillReply } from "../replies/backfill-reply.ts";
import { showBackfill } from "./show-backfill.ts";
import { unknownBackfill } from "./unknown.ts";

export const patchBackfill = defineRoute({
  method: "patch",
  path: "/api/v1/backfills/:backfillId",
  role: "operator",
  summary: "Pauses, resumes or cancels a backfill. A cancel ends its runs, too.",
  params: BackfillParams,
  query: NOTHING,
  body: PatchBackfillBody,
  reply: BackfillReply,
  edits: showBackfill,
  async handle({ params: { backfillId }, body: { state } }, { backfills, now }) {
    const moved = await backfills.move(backfillId, state, now());
    if (moved.result === "refused")
      throw new ApiError("WL_BACKFILL_OVER", `backfill '${backfillId}' is ${moved.state} and cannot be ${state} any more`);
    const backfill = moved.result === "unknown" ? undefined : await backfills.get(backfillId);
    if (backfill === undefined) throw unknownBackfill(backfillId);
    return { body: backfillReply(backfill) };
  },
});
