import { AssetListReply } from "#contract/asset.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { assetReply } from "../replies/asset-reply.ts";

export const listAssets = defineRoute({
  method: "get",
  path: "/api/v1/assets",
  summary: "Every asset that was ever updated, with its last update.",
  params: NOTHING,
  query: NOTHING,
  body: NO_BODY,
  reply: AssetListReply,
  async handle(_request, { assets }) {
    return { body: { assets: (await assets.list()).map(assetReply) } };
  },
});
