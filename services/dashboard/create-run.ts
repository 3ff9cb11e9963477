import { IdempotencyHeader, type StartRunReply } from "#contract/run.ts";
import { contentHash } from "#core/hash.ts";
import type { RunHeader } from "#core/run.ts";
import { ApiError } from "./http/api-error.ts";
import { checkAll } from "./http/check.ts";
import type { JsonReply } from "./http/route.ts";
import { links } from "./links.ts";
import type { Ports } from "./ports.ts";
import { runLinks } from "./replies/run-reply.ts";

const KEPT_MS = 24 * 3_600_000;

/** What of a POST decides whether another one is its repetition. */
export interface Repeatable {
  /** The Idempotency-Key header. */
  key: string | undefined;
  /** Keys are the caller's own per path. */
  path: string;
  body: unknown;
}

/** Creates the run once, however often the request arrives. 201, or 200 when an earlier one with the same key had done it. */
export async function createRun(
  header: RunHeader,
  request: Repeatable,
  { runs }: Pick<Ports, "runs">,
): Promise<JsonReply<StartRunReply>> {
  const idempotency = idempotencyOf(request);
  const created = await runs.createRun(header, idempotency === undefined ? {} : { idempotency });
  switch (created.result) {
    case "created":
      return started(header.id, false);
    case "replayed":
      return started(created.runId, true);
    case "exists":
      throw new ApiError("WL_RUN_EXISTS", `run '${created.runId}' exists already`, { links: { run: links.run(created.runId) } });
    case "body-differs":
      throw new ApiError("WL_IDEMPOTENCY_BODY", `Idempotency-Key '${request.key}' came with another body before`, {
        errors: [{ in: "header", pointer: "#/idempotency-key", detail: "was used for another body" }],
      });
    default:
      return created satisfies never;
  }
}

const started = (id: string, replayed: boolean): JsonReply<StartRunReply> => ({
  status: replayed ? 200 : 201,
  headers: { Location: links.run(id) },
  body: { id, replayed, links: runLinks(id) },
});

function idempotencyOf({ key, path, body }: Repeatable) {
  if (key === undefined) return undefined;
  checkAll([{ in: "header", schema: IdempotencyHeader, value: { "idempotency-key": key } }]);
  return { key: `${path} ${key}`, bodyHash: contentHash(body), ttlMs: KEPT_MS };
}
