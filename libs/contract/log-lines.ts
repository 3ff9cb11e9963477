import { z } from "zod";
import { LogQuery } from "./log.ts";

/** Which log of the task. */
const { try: tryNumber, infra } = LogQuery.shape;
const Which = {
  try: tryNumber,
  infra,
  container: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "is no container name")
    .default("main"),
};

export const LogLinesQuery = z.strictObject({
  ...Which,
  /** The number of the first line, counted from 1. Negative: from the end, -1 is the last line. */
  from: z.coerce.number().int().default(1),
  count: z.coerce.number().int().min(1).max(5_000).default(500),
});

const LogLineReply = z.object({
  /** As the node stamped it, up to nanoseconds. Absent: the line is not the container's, or came without. */
  at: z.string().optional(),
  /** Without its end; cut at 20,000 characters, the log itself has all of it. */
  text: z.string(),
  /** Who speaks when it is not the container: the node, the cluster's events about the pod, Windlass. */
  by: z.enum(["kubelet", "event", "windlass"]).optional(),
});
export type LogLineReply = z.infer<typeof LogLineReply>;

/** A stretch of a log by line numbers. */
export const LogLinesReply = z.object({
  try: z.int(),
  infra: z.int(),
  container: z.string(),
  /** How many lines there are by now. */
  total: z.int(),
  /** The number of the first of these. */
  from: z.int(),
  lines: z.array(LogLineReply),
  /** Where the next line will begin: the Last-Event-ID that follows from here. */
  toByte: z.int(),
  /** Nothing follows. */
  ended: z.boolean(),
});
export type LogLinesReply = z.infer<typeof LogLinesReply>;

export const LogSearchQuery = z.strictObject({
  ...Which,
  /** Plain text. In small letters only: capitals do not matter. Stamps are not searched. */
  q: z.string().min(1).max(500),
});

export const LogSearchReply = z.object({
  /** Numbers of the lines that have it, ascending; the first 10,000. */
  lines: z.array(z.int()),
  /** How many lines have it. */
  total: z.int(),
});
export type LogSearchReply = z.infer<typeof LogSearchReply>;
