import { DagParams } from "#contract/dag.ts";
import { GridQuery, GridReply } from "#contract/grid.ts";
import { instantField, toInstant } from "#contract/instant.ts";
import type { DagSpec } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import type { RunSummary } from "#state/run-record.ts";
import { drawCells, gridRows, inRows } from "../grid/grid-rows.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import type { Ports } from "../ports.ts";
import { unknownDag } from "./unknown.ts";

export const showGrid = defineRoute({
  method: "get",
  path: "/api/v1/dags/:dagId/grid",
  role: "viewer",
  summary: "The states of a DAG's tasks in its last runs, a letter each.",
  params: DagParams,
  query: GridQuery,
  body: NO_BODY,
  reply: GridReply,
  async handle({ params: { dagId }, query: { runs: limit, before, rows: known } }, ports) {
    const row = (await ports.dags.getDag(dagId)) ?? (await ports.dags.getRemovedDag(dagId));
    if (row === undefined) throw unknownDag(dagId);
    const page = await ports.runs.listRuns({ dagId, limit, ...(before === undefined ? {} : { before }) });
    const specs = await specsOf([row.version, ...page.map(({ version }) => version)], ports);
    const newest = specs.get(row.version) ?? EMPTY;
    const tasks = gridRows(newest, specs.values());
    const rows = contentHash(tasks);
    const cells = await ports.cells.cellsOf(page, async (run, found) => drawCells(specs.get(run.version) ?? EMPTY, found));
    const last = page.length < limit ? undefined : page.at(-1);
    return {
      body: {
        rows,
        ...(known === rows ? {} : { tasks }),
        runs: page.map((run, i) => columnOf(run, inRows(cells[i]!, specs.get(run.version) ?? EMPTY, tasks))),
        links: last === undefined ? {} : { next: nextPage(dagId, limit, last.id) },
      },
    };
  },
});

/** A version whose spec is not stored any more. */
const EMPTY: Pick<DagSpec, "tasks"> = { tasks: [] };

async function specsOf(versions: readonly string[], { dags }: Ports): Promise<Map<string, DagSpec>> {
  const distinct = [...new Set(versions)];
  const specs = await Promise.all(distinct.map(version => dags.getSpec(version)));
  return new Map(distinct.flatMap((version, i) => (specs[i] === undefined ? [] : [[version, specs[i]] as const])));
}

const columnOf = (run: RunSummary, cells: string): GridReply["runs"][number] => ({
  id: run.id,
  version: run.version,
  state: run.state,
  trigger: run.trigger.kind,
  createdAt: toInstant(run.createdAt),
  ...instantField("startedAt", run.startedAt),
  ...instantField("endedAt", run.endedAt),
  ...instantField("logicalAt", run.logicalAt),
  cells,
});

const nextPage = (dagId: string, runs: number, before: string): string =>
  `/api/v1/dags/${encodeURIComponent(dagId)}/grid?${new URLSearchParams({ runs: String(runs), before })}`;
