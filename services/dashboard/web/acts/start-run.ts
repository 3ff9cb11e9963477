import type { StartRunReply } from "#contract/run.ts";
import { ask, path } from "../api/ask.ts";
import { asProblem } from "../api/problem-error.ts";
import { queryClient } from "../api/query-client.ts";
import { askToTrigger } from "./opened.ts";
import { sayDone, sayFailed } from "./said.ts";

/** Starts a run. @throws {ProblemError} */
export async function startRun(dagId: string, conf: Readonly<Record<string, unknown>>): Promise<StartRunReply> {
  const started = await ask<StartRunReply>(path`/api/v1/dags/${dagId}/runs`, {
    body: { conf },
    idempotencyKey: crypto.randomUUID(),
  });
  void queryClient.invalidateQueries();
  return started;
}

/** One click starts a run with the usual parameters. Where there is no usual one for each, the form opens. */
export async function startUsual(dagId: string, show: (runId: string) => unknown): Promise<void> {
  try {
    const { id } = await startRun(dagId, {});
    sayDone(`Started ${id}`);
    show(id);
  } catch (error) {
    if (asProblem(error).errors?.some(({ pointer }) => pointer.startsWith("#/conf"))) return askToTrigger(dagId);
    sayFailed(`${dagId} was not started`, error);
  }
}
