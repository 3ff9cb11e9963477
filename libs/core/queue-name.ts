import type { z } from "zod";
import { Id } from "./id.ts";

/** The queue of a task that names none. */
export const DEFAULT_QUEUE = "pods";

/** Names under which something else lies in Redis beside the queues. */
const RESERVED: ReadonlySet<string> = new Set([
  "notices",
  "run",
  "runs-of",
  "spec",
  "versions-of",
  "worker",
  "idempotency",
  "backfill",
  "bundle",
  "bundle-files",
  "asset-numbers",
  "asset-updates",
  "variable-versions",
  "ended-session",
  "rate",
  "source",
  "reply",
  "drain",
]);

/** What a queue of tasks may be called. */
export const QueueName = Id.refine(name => !RESERVED.has(name), { error: "is the name of something else; choose another one" });
export type QueueName = z.infer<typeof QueueName>;
