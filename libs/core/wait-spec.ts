import { z } from "zod";
import { AssetName } from "./asset.ts";
import { HttpRequest } from "./http-request.ts";
import { Id } from "./id.ts";

/** What a wait task waits for. It holds no slot meanwhile; the task's timeoutMs counts from its first look. */
export const WaitSpec = z.discriminatedUnion("kind", [
  /** Until an instant: `{{ … }}` or ISO 8601; or a duration from the moment the task is ready. */
  z.strictObject({ kind: z.literal("time"), until: z.string().optional(), afterMs: z.number().int().min(0).optional() }),
  /** Until an answer is fine and, where asked, its body has the value at the path. */
  z.strictObject({
    kind: z.literal("http"),
    request: HttpRequest,
    /** The body as JSON has `equals` (absent: anything true) at this path: "status.phase". */
    body: z.strictObject({ path: z.string(), equals: z.unknown().optional() }).optional(),
  }),
  /** Until the run of another DAG with the same logical date (minus `offsetMs`) has ended in one of the states. */
  z.strictObject({
    kind: z.literal("run"),
    dag: Id,
    offsetMs: z.number().int().optional(),
    /** A task of it instead of the whole run. */
    task: Id.optional(),
    /** Absent: success. */
    states: z
      .array(z.enum(["success", "failed", "skipped", "cancelled"]))
      .min(1)
      .optional(),
  }),
  /** Until the asset was updated after the run was created. */
  z.strictObject({ kind: z.literal("asset"), asset: AssetName }),
]);
export type WaitSpec = z.infer<typeof WaitSpec>;
