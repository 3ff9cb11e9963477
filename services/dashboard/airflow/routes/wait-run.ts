import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { JsonValue } from "#core/result.ts";
import { isRunFinal } from "#core/run.ts";
import { NO_BODY } from "../../http/route.ts";
import type { Ports } from "../../ports.ts";
import { defineOperation } from "../operation.ts";
import { RunPath } from "../params.ts";
import { airflowQuery, Many } from "../query.ts";
import { readSummary } from "../read-run-facts.ts";
import { RUN_STATES } from "../states.ts";

const NDJSON = "application/x-ndjson";
/** Seconds; a run is not looked at more often. */
const LEAST = 0.2;

export const waitRun = defineOperation({
  operation: "wait_dag_run_until_finished",
  ours: "`GET /api/v1/runs/:runId?wait=60s`",
  differs: "looks five times a second at most. Without `result` there are no results",
  method: "get",
  path: "/api/v2/dags/:dagId/dagRuns/:dagRunId/wait",
  role: "viewer",
  summary: "The state of a run, a line each time it is looked at, until the run has ended.",
  params: RunPath,
  query: airflowQuery({ interval: z.coerce.number().positive().max(3_600), result: Many.default([]) }),
  body: NO_BODY,
  reply: "stream",
  produces: [NDJSON],
  async handle({ params, query: { interval, result }, signal }, ports) {
    const { id } = await readSummary(params, ports);
    const everyMs = Math.max(interval, LEAST) * 1_000;
    return { contentType: NDJSON, stream: statesOf({ id, everyMs, results: result }, signal, ports) };
  },
});

async function* statesOf(
  { id, everyMs, results }: { id: string; everyMs: number; results: readonly string[] },
  signal: AbortSignal,
  { runs }: Pick<Ports, "runs">,
): AsyncGenerator<string, void, undefined> {
  while (!signal.aborted) {
    const run = await runs.getSummary(id);
    if (run === undefined) return;
    const state = RUN_STATES[run.state];
    if (isRunFinal(run.state)) {
      const outputs = results.length === 0 ? undefined : await readResults(id, results, runs);
      yield `${JSON.stringify({ state, ...(outputs === undefined ? {} : { results: outputs }) })}\n`;
      return;
    }
    yield `${JSON.stringify({ state })}\n`;
    await sleep(everyMs, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}

/** Of a mapped task those of its instances, in their order. */
async function readResults(id: string, taskIds: readonly string[], runs: Ports["runs"]): Promise<Record<string, JsonValue>> {
  const outputs = await runs.outputs(id);
  const found = taskIds.flatMap((taskId): [string, JsonValue][] => {
    const own = outputs.get(taskId);
    if (own !== undefined) return [[taskId, own]];
    const instances = [...outputs].filter(([of]) => of.startsWith(`${taskId}@`));
    const inOrder = instances.sort(([a], [b]) => Number(a.slice(taskId.length + 1)) - Number(b.slice(taskId.length + 1)));
    return inOrder.length === 0 ? [] : [[taskId, inOrder.map(([, value]) => value)]];
  });
  return Object.fromEntries(found);
}
