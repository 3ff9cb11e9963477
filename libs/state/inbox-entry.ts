import type { RunHeader, TaskRun } from "#core/run.ts";
import { parseTaskRecord } from "./task-record.ts";

/** What the leader is told. `task` is the record as it was written. */
export type InboxEntry =
  | { type: "created"; runId: string; at: number; header: RunHeader }
  | { type: "cancel"; runId: string; at: number }
  | { type: "ended"; runId: string; at: number; taskId: string; task: TaskRun }
  | { type: "reopened"; runId: string; at: number; taskId: string; task: TaskRun };

/** Scripts join the five parts with newlines, which no id contains: type, run, instant, task or nothing, and the JSON or record. */
export function parseInboxEntry(text: string): InboxEntry {
  const [type = "", runId = "", at = "", taskId = ""] = text.split("\n", 4);
  const body = text.slice(type.length + runId.length + at.length + taskId.length + 4);
  const read = READERS[type as InboxEntry["type"]];
  if (read === undefined) throw new SyntaxError(`not an inbox entry: ${text.slice(0, 80)}`);
  return read({ runId, at: Number(at) }, taskId, body);
}

type Head = Pick<InboxEntry, "runId" | "at">;

const READERS: Readonly<Record<InboxEntry["type"], (head: Head, taskId: string, body: string) => InboxEntry>> = {
  created: (head, _taskId, body) => ({ type: "created", ...head, header: JSON.parse(body) as RunHeader }),
  cancel: head => ({ type: "cancel", ...head }),
  ended: (head, taskId, body) => ({ type: "ended", ...head, taskId, task: parseTaskRecord(body) }),
  reopened: (head, taskId, body) => ({ type: "reopened", ...head, taskId, task: parseTaskRecord(body) }),
};
