import { AssetListReply } from "#contract/asset.ts";
import { PageQuery } from "#contract/list.ts";
import type { AssetUpdate } from "#core/asset-update.ts";
import type { Caller } from "../auth/caller.ts";
import { pageOf } from "../http/page-of.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { assetReply } from "../replies/asset-reply.ts";

export const listAssets = defineRoute({
  method: "get",
  path: "/api/v1/assets",
  role: "viewer",
  summary: "Every asset that was ever updated, with its last update.",
  params: NOTHING,
  query: PageQuery,
  body: NO_BODY,
  reply: AssetListReply,
  async handle({ query, caller, pageAfter }, { assets }) {
    const page = pageOf(await assets.list(), query, ({ asset }) => asset);
    return {
      body: { assets: page.items.map(update => assetReply(withoutForeignRun(update, caller))), links: pageAfter(page.next) },
    };
  },
});

/** Assets are everybody's; what a run of a DAG that the caller may not read has told along is not. */
function withoutForeignRun(update: AssetUpdate, caller: Caller): AssetUpdate {
  const { runId, taskId: _, extra: __, ...rest } = update;
  return runId === undefined || caller.mayRead(runId.split("~", 1)[0]) ? update : rest;
}
