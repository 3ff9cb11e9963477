import { z } from "zod";

export const LogParams = z.strictObject({ runId: z.string().min(1).max(500), taskId: z.string().min(1).max(200) });

const Flag = z.stringbool({ truthy: ["1", "true", ""], falsy: ["0", "false"] });

export const LogQuery = z.strictObject({
  /** Default: the last try. */
  try: z.coerce.number().int().min(1).optional(),
  /** Which infrastructure restart of the try. Default: the last. */
  infra: z.coerce.number().int().min(0).optional(),
  container: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "is no container name")
    .default("main"),
  /** Only so many of the last lines. */
  tail: z.coerce.number().int().min(0).max(1_000_000).optional(),
  /** text/event-stream until the log ends; an event's id is the byte behind it, so that Last-Event-ID resumes exactly. */
  follow: Flag.default(false),
  /** Each line's stamp in front of it. */
  timestamps: Flag.default(true),
});
