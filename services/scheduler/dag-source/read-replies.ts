import type { Readable } from "node:stream";
import type { DagSpec } from "#core/dag-spec.ts";
import type { Horizon } from "#core/schedule/horizon.ts";
import { readSpec } from "#sdk/spec-problems.ts";
import { type LoadError, LoadReply } from "./load-reply.ts";

/** What a child has said. */
export interface Replies {
  /** Absolute real paths of the files it imported. */
  imports: string[];
  /** Its last word; missing when it ended before. */
  result?: { dags: DagSpec[] } | { ticks: Record<string, Horizon> } | { error: LoadError };
}

/** What is wrong when the answer is none. */
export const FORGED: LoadError = {
  code: "WL_DAG_EXPORT",
  message: "the file wrote into the answer of the process that reads it",
};

/** Reads the child's lines until its result or its end. The child is a stranger's program: every line is checked. */
export async function readReplies(stream: Readable, maxBytes: number): Promise<Replies> {
  const replies: Replies = { imports: [] };
  let length = 0;
  // Joined when their line ends: a large DAG comes in thousands of chunks.
  let line: string[] = [];
  for await (const chunk of stream.setEncoding("utf8") as AsyncIterable<string>) {
    length += chunk.length;
    if (length > maxBytes) {
      return {
        ...replies,
        result: { error: { code: "WL_DAG_EXPORT", message: `its DAGs are more than ${maxBytes / 2 ** 20} MiB of JSON` } },
      };
    }
    const [head = "", ...ends] = chunk.split("\n");
    line.push(head);
    for (const next of ends) {
      take(line.join(""), replies);
      if (replies.result !== undefined) return replies;
      line = [next];
    }
  }
  return replies;
}

function take(line: string, replies: Replies): void {
  const reply = LoadReply.safeParse(parseJson(line));
  if (!reply.success) replies.result = { error: FORGED };
  else if ("imports" in reply.data) replies.imports.push(reply.data.imports);
  else if ("error" in reply.data) replies.result = { error: reply.data.error };
  else if ("ticks" in reply.data) replies.result = { ticks: reply.data.ticks };
  else replies.result = check(reply.data.dags);
}

function check(dags: readonly unknown[]): NonNullable<Replies["result"]> {
  const specs: DagSpec[] = [];
  for (const dag of dags) {
    const read = readSpec(dag);
    if ("problems" in read) return { error: { code: read.problems[0]!.code, message: read.problems[0]!.message } };
    specs.push(read.spec);
  }
  return { dags: specs };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
