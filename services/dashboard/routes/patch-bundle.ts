import { BundleParams, BundleReply, PatchBundleBody } from "#contract/bundle.ts";
import { awaitBundle } from "../await-bundle.ts";
import { ApiError } from "../http/api-error.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { unknownBundle } from "./unknown.ts";

export const patchBundle = defineRoute({
  method: "patch",
  path: "/api/v1/bundles/:bundle",
  role: "author",
  summary: "Makes a version that is kept live again: rolls back.",
  params: BundleParams,
  query: NOTHING,
  body: PatchBundleBody,
  reply: BundleReply,
  statuses: [200, 202],
  async handle({ params: { bundle: name }, body: { version }, caller, signal }, ports) {
    const { bundles, now } = ports;
    const bundle = await bundles.get(name);
    if (bundle === undefined) throw unknownBundle(name);
    const request = await bundles.ask(name, version, { at: now(), by: caller.name });
    if (request === undefined) throw new ApiError("WL_VERSION_UNKNOWN", `bundle '${name}' has no version '${version}'`);
    return awaitBundle(name, request, ports, signal);
  },
});
