import { failure } from "#core/failure.ts";
import { hash32 } from "#core/hash.ts";
import { runId } from "#core/ids.ts";
import { type Outcome, succeeded } from "#core/outcome.ts";
import { paramsSentence, readParams } from "#core/params.ts";
import { isRunFinal, type RunHeader } from "#core/run.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import type { DagStore } from "#state/dag-store.ts";
import type { RunStore } from "#state/run-store.ts";
import type { Operator, TryEnd, TryRun } from "../run-job.ts";
import { leftMs, lookAgain, outOfTime } from "./time-limit.ts";

export interface TriggerDeps {
  dags: Pick<DagStore, "getDag" | "getSpec">;
  runs: Pick<RunStore, "createRun" | "getSummary">;
  now(): number;
}

type TriggerTask = Extract<TaskSpec, { operator: "trigger" }>;

/** The leader starts the job at the child's end; this look is for the case that it could not. */
const LOOK_EVERY_MS = 30_000;

/** The run that a try of a trigger starts: the same, however often the try is carried out. */
export const triggeredRunId = (dagId: string, { runId: parent, task, try: tryNumber }: TryRun): string =>
  runId(dagId, `t-${hash32(JSON.stringify([parent, task.id, tryNumber]), 16)}`);

/** Starts a run of another DAG and, where asked, ends as it does. Its result is `{ runId }`, with `state` when it waited. */
export function triggerOperator(deps: TriggerDeps): Operator {
  return async tryRun => {
    const task = tryRun.task as TriggerTask;
    const id = triggeredRunId(task.dag, tryRun);
    const known = await deps.runs.getSummary(id);
    if (known === undefined) {
      const refusal = await create(id, task, tryRun, deps);
      if (refusal !== undefined) return ended(refusal);
    }
    if (!task.wait) return { ...ended(succeeded("Completed", `started ${id}`)), output: { runId: id } };
    if (known !== undefined && isRunFinal(known.state)) return asChild(id, known.state);
    const at = deps.now();
    if (leftMs(tryRun, at) <= 0) return ended(outOfTime("WaitTimeout", tryRun, `run ${id}`));
    return lookAgain(tryRun, at, LOOK_EVERY_MS, { code: "AwaitingRun", message: `waits for run ${id}` });
  };
}

async function create(id: string, task: TriggerTask, { runId: parent }: TryRun, deps: TriggerDeps): Promise<Outcome | undefined> {
  const dag = await deps.dags.getDag(task.dag);
  const spec = dag && (await deps.dags.getSpec(dag.version));
  if (dag === undefined || spec === undefined) return failure("TriggerUnknownDag", { values: { dag: task.dag } });
  const read = readParams(spec.params, task.conf ?? {});
  if ("mistakes" in read) return failure("TriggerRefused", { values: { dag: task.dag, why: paramsSentence(read.mistakes) } });
  const header: RunHeader = {
    id,
    dagId: dag.id,
    version: dag.version,
    trigger: { kind: "trigger", by: `run ${parent}`, parent: { runId: parent, taskId: task.id } },
    conf: read.conf,
    createdAt: deps.now(),
  };
  // Another worker may have created it a moment ago: the same run.
  await deps.runs.createRun(header);
  return undefined;
}

function asChild(id: string, state: string): TryEnd {
  if (state === "success") return { ...ended(succeeded("Completed", `run ${id} succeeded`)), output: { runId: id, state } };
  return ended(failure("TriggeredRunFailed", { values: { run: id, state }, evidence: `/runs/${encodeURIComponent(id)}` }));
}

const ended = (outcome: Outcome) => ({ type: "ended" as const, outcome });
