import type { RunHeader, TaskRun } from "#core/run.ts";
import { parseTaskRecord } from "./task-record.ts";

/** What the leader is told. `task` is the record as it was written. */
export type InboxEntry =
  | { type: "created"; runId: string; at: number; header: RunHeader }
  | { type: "cancel"; runId: string; at: number }
  /** Somebody wants something done to the run; what, is in its record. */
  | { type: "act"; runId: string; at: number }
  | { type: "ended"; runId: string; at: number; taskId: string; task: TaskRun }
  /** Pools were set or removed; which, is in their record. */
  | { type: "pools"; runId: string; at: number }
  /** DAGs were paused or unpaused, assets updated, backfills made or changed, bundles sent; which, is in their record. */
  | { type: "dags" | "assets" | "backfills" | "bundles"; runId: string; at: number }
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
  act: head => ({ type: "act", ...head }),
  pools: head => ({ type: "pools", ...head }),
  dags: head => ({ type: "dags", ...head }),
  assets: head => ({ type: "assets", ...head }),
  backfills: head => ({ type: "backfills", ...head }),
  bundles: head => ({ type: "bundles", ...head }),
  ended: (head, taskId, body) => ({ type: "ended", ...head, taskId, task: parseTaskRecord(body) }),
  reopened: (head, taskId, body) => ({ type: "reopened", ...head, taskId, task: parseTaskRecord(body) }),
};
