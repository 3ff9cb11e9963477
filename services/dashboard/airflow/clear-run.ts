import { taskOf } from "#core/run.ts";
import type { TaskChoice } from "#core/select-tasks.ts";
import { selectTasks } from "#core/select-tasks.ts";
import { ApiError } from "../http/api-error.ts";
import type { Ports } from "../ports.ts";
import { readRun } from "../read-run.ts";
import { refuseUnfit } from "../refuse-unfit.ts";
import { requestAct } from "../request-act.ts";
import { refuseUnknownTasks } from "../routes/unknown.ts";
import { awaitCommit } from "./await-commit.ts";

/** What is to be cleared of a run, and how. */
export interface Clearing extends TaskChoice {
  /** Of these only what runs. */
  onlyRunning?: boolean;
  /** Refuse when something of it runs. */
  unlessRunning?: boolean;
  version: "run" | "newest";
  dryRun: boolean;
}

/** Clears as Windlass' own API does. Returns the tasks that were meant, once the leader has carried it out. */
export async function clearRun(
  runId: string,
  { onlyRunning = false, unlessRunning = false, dryRun, version: which, ...choice }: Clearing,
  { by, signal }: { by: string; signal: AbortSignal },
  ports: Ports,
): Promise<string[]> {
  const { run, version, graph } = await readRun(runId, ports, which);
  refuseUnknownTasks(choice.tasks ?? [], run, graph);
  if (version !== run.version) await refuseUnfit(run, graph.spec, ports);
  const isRunning = (id: string): boolean => taskOf(run, id).state === "running";
  const tasks = selectTasks(graph, run, choice).filter(id => !onlyRunning || isRunning(id));
  if (dryRun || tasks.length === 0) return tasks;
  const busy = unlessRunning ? tasks.find(isRunning) : undefined;
  if (busy !== undefined) throw new ApiError("WL_TASK_STATE", `task '${busy}' is running`);
  // For as long as the run goes on now: its end may be further away than the version's.
  await ports.dags.putSpec(version, graph.spec);
  await requestAct(runId, { type: "clear", tasks, ...(version === run.version ? {} : { version }) }, by, ports);
  await awaitCommit(run, ports, signal);
  return tasks;
}
