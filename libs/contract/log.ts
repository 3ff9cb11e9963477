import { z } from "zod";
import { parseDuration } from "#core/duration.ts";
import { InstanceId } from "#core/id.ts";
import { Flag, InstantQuery } from "./list.ts";
import { RunId } from "./run-id.ts";

export const LogParams = z.strictObject({ runId: RunId, taskId: InstanceId });

/** text: as it was printed; ndjson: a {@link LogLineReply} a line; events: server-sent events that resume exactly. */
export const LogFormat = z.enum(["text", "ndjson", "events"]);
export type LogFormat = z.infer<typeof LogFormat>;

/** An instant, or how long ago: read as one or the other, in ms. */
const Since = z.union([
  InstantQuery.transform(at => ({ at })),
  z
    .string()
    .transform(text => ({ agoMs: parseDuration(text) ?? Number.NaN }))
    .refine(({ agoMs }) => !Number.isNaN(agoMs), 'is neither an instant nor a duration such as "10m"'),
]);

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
  /** Only what was printed from then on: `2026-11-24T20:00:00Z`, or `10m` ago. */
  since: Since.optional(),
  /** Only lines with this text in them, whatever the case; as text with their numbers in front of them. With tail: the last of these. */
  q: z.string().min(1).max(200).optional(),
  /** Until the log ends; as events, an event's id is the byte behind it, so that Last-Event-ID resumes exactly. */
  follow: Flag.default(false),
  /** Default: as the header Accept says; else events when followed, and text. Events are always followed. */
  format: LogFormat.optional(),
  /** As a file to be saved. */
  download: Flag.default(false),
  /** Each line's stamp in front of it. */
  timestamps: Flag.default(true),
});

/** A line of a log as NDJSON. */
export const LogLineReply = z.object({
  /** Its number, from 1 on, in what is kept of the log. Absent with follow and tail. */
  line: z.int().optional(),
  /** As the container's node stamped it, with nanoseconds. Absent where somebody else speaks. */
  ts: z.string().optional(),
  /** Who speaks, if not the container. */
  by: z.enum(["kubelet", "event", "windlass"]).optional(),
  /** With container=*. */
  container: z.string().optional(),
  text: z.string(),
  /** Where the next line begins. Absent with container=*. */
  toByte: z.int().optional(),
  /** The text goes on in the next object: it is longer than half a MiB, or has no end yet. */
  part: z.literal(true).optional(),
});
export type LogLineReply = z.infer<typeof LogLineReply>;

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
