import { z } from "zod";

/** A request that a worker sends. Texts may hold `{{ … }}`; credentials are named, never written (`account`). */
export const HttpRequest = z.strictObject({
  url: z.string().min(1),
  /** Absent: GET. */
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** Sent as JSON unless it is a text. */
  body: z.unknown().optional(),
  /** Answers that count. Absent: 200 to 299. */
  okStatus: z.array(z.number().int().min(100).max(599)).min(1).optional(),
  /** The worker adds the value of its WINDLASS_HTTP_AUTH_<account> as the Authorization header. */
  account: z
    .string()
    .regex(/^[A-Za-z0-9_]+$/)
    .optional(),
  /** Absent: 30 s. */
  timeoutMs: z.number().int().min(1).optional(),
});
export type HttpRequest = z.infer<typeof HttpRequest>;
