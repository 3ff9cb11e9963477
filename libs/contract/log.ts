import { z } from "zod";

export const LogParams = z.strictObject({ runId: z.string().min(1).max(500), taskId: z.string().min(1).max(200) });

const Flag = z.stringbool({ truthy: ["1", "true", ""], falsy: ["0", "false"] });

export const LogQuery = z.strictObject({
  /** Default: the last try. */
  try: z.coerce.number().int().min(1).optional(),
  /** Which infrastructure restart of the try. Default: the last. */
  infra: z.coerce.number().int().min(0).optional(),
  /** "*": all containers of the try as one text, in the order of their stamps; not with follow. */
  container: z
    .string()
    .regex(/^(\*|[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)$/, "is no container name")
    .default("main"),
  /** Only so many of the last lines. */
  tail: z.coerce.number().int().min(0).max(1_000_000).optional(),
  /** text/event-stream until the log ends; an event's id is the byte behind it, so that Last-Event-ID resumes exactly. */
  follow: Flag.default(false),
  /** Each line's stamp in front of it. */
  timestamps: Flag.default(true),
});

/** The logs that are kept of a task: one for each container of each try. */
export const LogListReply = z.object({
  logs: z.array(
    z.object({
      try: z.int(),
      infra: z.int(),
      container: z.string(),
      /** How long it is, with what was left out of its middle. */
      sizeBytes: z.int(),
      /** Nothing follows. */
      ended: z.boolean(),
      links: z.object({ log: z.string() }),
    }),
  ),
});

/** Where a log is that Windlass does not keep. */
export const LogElsewhereReply = z.object({ log: z.string() });
