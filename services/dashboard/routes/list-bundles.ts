import { BundleListReply } from "#contract/bundle.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { bundleReply } from "../replies/bundle-reply.ts";

export const listBundles = defineRoute({
  method: "get",
  path: "/api/v1/bundles",
  role: "author",
  summary: "DAG folders that were sent, by name.",
  params: NOTHING,
  query: NOTHING,
  body: NO_BODY,
  reply: BundleListReply,
  async handle(_request, { bundles }) {
    return { body: { bundles: (await bundles.list()).map(bundleReply) } };
  },
});
