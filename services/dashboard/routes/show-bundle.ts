import { BundleParams, BundleReply } from "#contract/bundle.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { bundleReply } from "../replies/bundle-reply.ts";
import { unknownBundle } from "./unknown.ts";

export const showBundle = defineRoute({
  method: "get",
  path: "/api/v1/bundles/:bundle",
  role: "author",
  summary: "One bundle: what is live of it, what came of the last request, and the versions that are kept.",
  params: BundleParams,
  query: NOTHING,
  body: NO_BODY,
  reply: BundleReply,
  async handle({ params: { bundle: name } }, { bundles }) {
    const bundle = await bundles.get(name);
    if (bundle === undefined) throw unknownBundle(name);
    return { body: bundleReply(bundle) };
  },
});
