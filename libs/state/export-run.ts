import { actorOf } from "./actor-of.ts";
import type { RunStore } from "./run-store.ts";

type Source = Pick<RunStore, "getRun" | "listTries" | "outputs" | "remarks" | "history">;

/**
 * All that is known of a run as lines of JSON (NDJSON): one of `kind` "run", then "task", "try", "output", "remark" and "event", each with the
 * run's id. Instants are milliseconds since the epoch. No line: there is no such run.
 */
export async function* exportRun(runs: Source, runId: string): AsyncGenerator<string, void, undefined> {
  const run = await runs.getRun(runId);
  if (run === undefined) return;
  const line = (kind: string, value: object): string => `${JSON.stringify({ kind, runId, ...value })}\n`;
  const { tasks, ...summary } = run;
  yield line("run", summary);
  for (const [taskId, task] of tasks) yield line("task", { taskId, ...task });
  for (const one of await runs.listTries(runId)) yield line("try", one);
  for (const [taskId, value] of await runs.outputs(runId)) yield line("output", { taskId, value });
  const remarks = await runs.remarks(runId);
  if (remarks.run !== undefined) yield line("remark", remarks.run);
  for (const [taskId, remark] of remarks.tasks) yield line("remark", { taskId, ...remark });
  for (const entry of await runs.history(runId)) yield line("event", { ...entry, actor: actorOf(entry) });
}
