import { BundleParams, BundleReply, PutBundleBody, PutBundleQuery } from "#contract/bundle.ts";
import { awaitBundle } from "../await-bundle.ts";
import { defineRoute } from "../http/route.ts";

export const putBundle = defineRoute({
  method: "put",
  path: "/api/v1/bundles/:bundle",
  role: "author",
  summary:
    "Sends a DAG folder. A scheduler reads every file in a process of its own; if all are good it goes live, else nothing changes.",
  params: BundleParams,
  query: PutBundleQuery,
  body: PutBundleBody,
  reply: BundleReply,
  statuses: [200, 202],
  async handle({ params: { bundle: name }, query: { dryRun }, body: { files, message }, caller, signal }, ports) {
    const request = await ports.bundles.put({ name, files, message, dryRun, at: ports.now(), by: caller.name });
    return awaitBundle(name, request, ports, signal);
  },
});
