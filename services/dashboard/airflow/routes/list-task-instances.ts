import { AirflowTaskInstanceCollection } from "#contract/airflow/task-instance.ts";
import type { RunSummary } from "#state/run-record.ts";
import { NO_BODY, NOTHING } from "../../http/route.ts";
import type { Ports } from "../../ports.ts";
import { readDagFacts } from "../dag-facts.ts";
import { instanceOf } from "../instances-of.ts";
import { defineOperation } from "../operation.ts";
import { DagPath, RunPath } from "../params.ts";
import { factsOf, type RunFacts, readRunFacts, readVersions } from "../read-run-facts.ts";
import { youngestRuns } from "../read-run-page.ts";
import { TaskListQuery } from "../task-list.ts";

/** With `~` for the run: each is read whole. */
const RUNS = 100;

const operation = {
  operation: "get_task_instances",
  ours: "`GET /api/v1/runs/:runId`",
  method: "get",
  role: "viewer",
  summary: "Task instances, in the order of the DAG's file, a page at a time.",
  query: TaskListQuery,
  body: NO_BODY,
  reply: AirflowTaskInstanceCollection,
} as const;

export const listTaskInstances = defineOperation({
  ...operation,
  differs: "Not: `cursor`, `updated_at_*`, `task_group_id`, `executor`, `version_number`",
  path: "/api/v2/dags/:dagId/dagRuns/:dagRunId/taskInstances",
  params: RunPath,
  async handle({ params, query }, ports) {
    return { body: pageOf([await readRunFacts(params, ports)], query) };
  },
});

export const listTaskInstancesOfDag = defineOperation({
  ...operation,
  differs: `of the DAG's ${RUNS} youngest runs`,
  path: "/api/v2/dags/:dagId/dagRuns/~/taskInstances",
  params: DagPath,
  async handle({ params: { dagId }, query }, ports) {
    await readDagFacts(dagId, ports);
    return { body: pageOf(await readAll(await youngestRuns({ dagId, atMost: RUNS }, ports), ports), query) };
  },
});

export const listAllTaskInstances = defineOperation({
  ...operation,
  differs: `of the ${RUNS} youngest runs of all DAGs`,
  path: "/api/v2/dags/~/dagRuns/~/taskInstances",
  params: NOTHING,
  async handle({ query, caller }, ports) {
    const runs = await youngestRuns({ atMost: RUNS }, ports);
    const readable = runs.filter(({ dagId }) => caller.mayRead(dagId));
    return { body: pageOf(await readAll(readable, ports), query) };
  },
});

async function readAll(runs: readonly RunSummary[], ports: Ports): Promise<RunFacts[]> {
  const versions = new Map([...new Set(runs.map(({ dagId }) => dagId))].map(dagId => [dagId, readVersions(dagId, ports)]));
  const facts = runs.map(async ({ id, dagId }) => {
    const run = await ports.runs.getRun(id);
    return run && factsOf(run, ports, await versions.get(dagId)!);
  });
  return (await Promise.all(facts)).filter(one => one !== undefined);
}

function pageOf(all: readonly RunFacts[], { page, task_id }: TaskListQuery) {
  const factsOfRun = new Map(all.map(facts => [facts.run.id, facts]));
  const rows = all.flatMap(({ rows }) => rows).filter(({ spec }) => task_id === undefined || task_id.includes(spec.id));
  const { page: shown, total } = page(rows);
  return { task_instances: shown.map(row => instanceOf(factsOfRun.get(row.run.id)!, row)), total_entries: total };
}
