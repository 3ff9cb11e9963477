import { setTimeout as sleep } from "node:timers/promises";
import type { BundleReply } from "#contract/bundle.ts";
import type { Bundle, BundleRequest } from "#state/bundle-store.ts";
import { ApiError } from "./http/api-error.ts";
import { pointerTo } from "./http/check.ts";
import type { JsonReply } from "./http/route.ts";
import type { Ports } from "./ports.ts";
import { bundleReply } from "./replies/bundle-reply.ts";
import { unknownBundle } from "./routes/unknown.ts";

/** Less than the callers' own patience. */
const WAIT_MS = 8_000;
const LOOK_EVERY_MS = 50;

/**
 * The answer to a request for a bundle: 200 with what is live, 202 when no scheduler has looked at it in time, or none is there.
 * @throws ApiError WL_BUNDLE_REFUSED with a pointer for each mistake
 */
export async function awaitBundle(
  name: string,
  request: BundleRequest,
  ports: Pick<Ports, "bundles" | "live">,
  signal: AbortSignal,
): Promise<JsonReply<BundleReply>> {
  const bundle = await settled(name, request, ports, signal);
  const { verdict } = bundle;
  if (verdict === undefined || verdict.number < request.number) return { status: 202, body: bundleReply(bundle) };
  if (verdict.number > request.number)
    throw new ApiError("WL_BUNDLE_OVERTAKEN", `bundle '${name}': another version was asked for meanwhile`);
  if (verdict.problems.length > 0) {
    const errors = verdict.problems.map(({ file, line, code, message }) => ({
      in: "body" as const,
      pointer: pointerTo(["files", file]),
      detail: `${line === undefined ? "" : `line ${line}: `}${message} (${code})`,
    }));
    const [first] = verdict.problems;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
    throw new ApiError("WL_BUNDLE_REFUSED", `${first!.file}: ${errors[0]!.detail}${more}`, { errors });
  }
  return { body: bundleReply(bundle) };
}

/** The bundle as soon as the request has its verdict; or as it is when nobody leads who could give one, or the time is up. */
async function settled(
  name: string,
  { number }: BundleRequest,
  { bundles, live }: Pick<Ports, "bundles" | "live">,
  signal: AbortSignal,
): Promise<Bundle> {
  const until = performance.now() + WAIT_MS;
  for (;;) {
    const [bundle, leader] = await Promise.all([bundles.get(name), live.leading()]);
    if (bundle === undefined) throw unknownBundle(name);
    const isOver = (bundle.verdict?.number ?? 0) >= number || performance.now() > until;
    if (isOver || leader === undefined || signal.aborted) return bundle;
    await sleep(LOOK_EVERY_MS);
  }
}
