import { IdempotencyKey } from "#contract/idempotency.ts";
import { contentHash } from "#core/hash.ts";
import type { ReplyStore } from "#state/reply-store.ts";
import { ApiError } from "./api-error.ts";
import { checkAll } from "./check.ts";
import type { JsonReply } from "./route.ts";

/** What of a POST decides whether another one is its repetition. */
export interface Repeatable {
  /** The header Idempotency-Key. */
  key: string | undefined;
  /** Keys are a caller's own… */
  by: string;
  /** …and an operation's: method and path. */
  operation: string;
  body: unknown;
}

/** The request's name among all that carry a key, and its body's hash; undefined without a key. @throws ApiError WL_INPUT */
export function repetitionOf({ key, by, operation, body }: Repeatable): { key: string; bodyHash: string } | undefined {
  if (key === undefined) return undefined;
  checkAll([{ in: "header", schema: IdempotencyKey, value: { "idempotency-key": key } }]);
  return { key: `${by} ${operation} ${key}`, bodyHash: contentHash(body) };
}

/** @throws ApiError WL_IDEMPOTENCY_BODY */
export const otherBody = (key: string | undefined): ApiError =>
  new ApiError("WL_IDEMPOTENCY_BODY", `Idempotency-Key '${key}' came with another body before`, {
    errors: [{ in: "header", pointer: "#/idempotency-key", detail: "was used for another body" }],
  });

/**
 * Carries the request out once for its key, and answers a repetition with the first answer and the header `Idempotency-Replayed: true`.
 * What failed is forgotten: its repetition is carried out.
 * @throws ApiError WL_IDEMPOTENCY_BUSY while the first is under way, WL_IDEMPOTENCY_BODY for another body
 */
export async function onceByKey<Body>(
  request: Repeatable,
  replies: ReplyStore,
  handle: () => Promise<JsonReply<Body>>,
): Promise<JsonReply<Body>> {
  const repetition = repetitionOf(request);
  if (repetition === undefined) return handle();
  const { key, bodyHash } = repetition;
  const reserved = await replies.reserve(key, bodyHash);
  switch (reserved.result) {
    case "first":
      break;
    case "answered": {
      const reply = reserved.reply as JsonReply<Body>;
      return { ...reply, headers: { ...reply.headers, "Idempotency-Replayed": "true" } };
    }
    case "busy":
      throw new ApiError("WL_IDEMPOTENCY_BUSY", `a request with Idempotency-Key '${request.key}' is under way`, {
        headers: { "Retry-After": "1" },
      });
    case "differs":
      throw otherBody(request.key);
    default:
      return reserved satisfies never;
  }
  try {
    const reply = await handle();
    await replies.keep(key, bodyHash, reply);
    return reply;
  } catch (error) {
    await replies.release(key);
    throw error;
  }
}
