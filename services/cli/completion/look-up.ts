import { listBackfills } from "../../dashboard/routes/list-backfills.ts";
import { listDags } from "../../dashboard/routes/list-dags.ts";
import { listPools } from "../../dashboard/routes/list-pools.ts";
import { listQueues } from "../../dashboard/routes/list-queues.ts";
import { listRuns } from "../../dashboard/routes/list-runs.ts";
import { listVariables } from "../../dashboard/routes/list-variables.ts";
import { listWorkers } from "../../dashboard/routes/list-workers.ts";
import { showDag } from "../../dashboard/routes/show-dag.ts";
import { showRun } from "../../dashboard/routes/show-run.ts";
import type { ApiClient } from "../client/api-client.ts";
import { readProfiles } from "../client/profiles.ts";
import { resolveRun } from "../client/run-ref.ts";
import type { Completion } from "../frame/argument.ts";
import type { Context } from "../frame/context.ts";
import type { Asked } from "./complete-words.ts";

/** More than anybody looks through. */
const RUNS = 30;

type Ask = (api: ApiClient, before: readonly string[]) => Promise<readonly string[]>;

const FROM_SERVER: Readonly<Record<Exclude<Completion, "file" | "profile">, Ask>> = {
  dag: async api => (await api.call(listDags)).dags.map(({ id }) => id),
  run: runsOf,
  task: tasksOf,
  variable: async api => (await api.call(listVariables)).variables.map(({ name }) => name),
  pool: async api => (await api.call(listPools)).pools.map(({ name }) => name),
  queue: async api => (await api.call(listQueues)).queues.map(({ name }) => name),
  worker: async api => (await api.call(listWorkers)).workers.map(({ id }) => id),
  backfill: async api => (await api.call(listBackfills)).backfills.map(({ id }) => id),
};

async function runsOf(api: ApiClient): Promise<readonly string[]> {
  const { runs } = await api.call(listRuns, { query: { limit: RUNS } });
  return ["@latest", ...new Set(runs.map(({ dagId }) => `${dagId}@latest`)), ...runs.map(({ id }) => id)];
}

/** Of the run that is written before, or of the DAG. */
async function tasksOf(api: ApiClient, [of = ""]: readonly string[]): Promise<readonly string[]> {
  if (!of.includes("~") && !of.includes("@"))
    return (await api.call(showDag, { params: { dagId: of } })).spec.tasks.map(({ id }) => id);
  return (await api.call(showRun, { params: { runId: await resolveRun(api, of) } })).tasks.map(({ id }) => id);
}

/** Names that the server knows now. A server that cannot be asked knows none: the shell must not be disturbed. */
export async function lookUp({ kind, before }: Asked, context: Context): Promise<readonly string[]> {
  if (kind === "file") return [];
  try {
    return kind === "profile"
      ? Object.keys(readProfiles(context.env).profiles)
      : await FROM_SERVER[kind](await context.api(), before);
  } catch (error) {
    if (context.env.DEBUG) throw error;
    return [];
  }
}
