import type { BundleReply } from "#contract/bundle.ts";
import { toInstant } from "#contract/instant.ts";
import type { Bundle } from "#state/bundle-store.ts";
import { links } from "../links.ts";

export function bundleReply({ name, active, request, verdict, versions }: Bundle): BundleReply {
  const last = verdict?.number === request.number ? verdict : undefined;
  return {
    name,
    ...(active === undefined ? {} : { active }),
    status: last === undefined ? "checking" : last.problems.length > 0 ? "refused" : last.dryRun ? "good" : "live",
    version: request.version,
    dags: [...(last?.dags ?? [])],
    problems: [...(last?.problems ?? [])],
    versions: versions.map(({ at, ...version }) => ({ ...version, sentAt: toInstant(at), active: version.version === active })),
    links: { self: links.bundle(name) },
  };
}
