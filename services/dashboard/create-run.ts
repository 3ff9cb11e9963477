import type { StartRunReply } from "#contract/run.ts";
import { isRunFinal, type RunHeader } from "#core/run.ts";
import { ApiError } from "./http/api-error.ts";
import { otherBody, repetitionOf } from "./http/idempotency.ts";
import type { JsonReply } from "./http/route.ts";
import { links } from "./links.ts";
import type { Ports } from "./ports.ts";
import { runLinks } from "./replies/run-reply.ts";
import { waitForRun } from "./wait-for-run.ts";

const KEPT_MS = 24 * 3_600_000;

/** What of a POST decides whether another one is its repetition. */
export interface Repeatable {
  /** The Idempotency-Key header. */
  key: string | undefined;
  /** Keys are the caller's own per path. */
  path: string;
  body: unknown;
}

/** The record itself knows runs by these keys: nothing can come between a run and the note that it was started. */

/** Creates the run once, however often the request arrives. 201, or 200 when an earlier one with the same key had done it. */
export async function createRun(
  header: RunHeader,
  request: Repeatable,
  { runs }: Pick<Ports, "runs">,
): Promise<JsonReply<StartRunReply>> {
  const { key, path: operation, body } = request;
  const repetition = repetitionOf({ key, by: header.trigger.by ?? "", operation, body });
  const created = await runs.createRun(
    header,
    repetition === undefined ? {} : { idempotency: { ...repetition, ttlMs: KEPT_MS } },
  );
  switch (created.result) {
    case "created":
      return started(header.id, false);
    case "replayed":
      return started(created.runId, true);
    case "exists":
      throw new ApiError("WL_RUN_EXISTS", `run '${created.runId}' exists already`, { links: { run: links.run(created.runId) } });
    case "body-differs":
      throw otherBody(key);
    default:
      return created satisfies never;
  }
}

const started = (id: string, replayed: boolean): JsonReply<StartRunReply> => ({
  status: replayed ? 200 : 201,
  headers: { Location: links.run(id) },
  body: { id, replayed, links: runLinks(id) },
});

/** The same answer, held back until the run has ended or the time is up: then it is 202. Without `waitMs` it goes out at once. */
export async function whenEnded(
  reply: JsonReply<StartRunReply>,
  waitMs: number | undefined,
  ports: Pick<Ports, "runs" | "now">,
  signal: AbortSignal,
): Promise<JsonReply<StartRunReply>> {
  if (waitMs === undefined) return reply;
  const state = await waitForRun(reply.body.id, waitMs, ports, signal);
  if (state === undefined) return { ...reply, status: 202 };
  return { ...reply, ...(isRunFinal(state) ? {} : { status: 202 }), body: { ...reply.body, state } };
}
