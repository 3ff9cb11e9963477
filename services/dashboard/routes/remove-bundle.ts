import { BundleListReply, BundleParams } from "#contract/bundle.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { bundleReply } from "../replies/bundle-reply.ts";
import { unknownBundle } from "./unknown.ts";

export const removeBundle = defineRoute({
  method: "delete",
  path: "/api/v1/bundles/:bundle",
  role: "author",
  summary:
    "Removes a bundle with its versions, and answers with those that are left. Its DAGs go as if their files were deleted.",
  params: BundleParams,
  query: NOTHING,
  body: NO_BODY,
  reply: BundleListReply,
  async handle({ params: { bundle: name } }, { bundles, now }) {
    if (!(await bundles.remove(name, now()))) throw unknownBundle(name);
    return { body: { bundles: (await bundles.list()).map(bundleReply) } };
  },
});
