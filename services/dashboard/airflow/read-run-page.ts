import type { z } from "zod";
import type { AirflowDagRunCollection } from "#contract/airflow/dag-run.ts";
import type { RunSummary } from "#state/run-record.ts";
import type { Ports } from "../ports.ts";
import { readVersions } from "./read-run-facts.ts";
import { airflowRun } from "./replies/dag-run-reply.ts";
import type { RunListQuery } from "./run-list.ts";

const AT_ONCE = 1_000;
const LOOKED_AT = 5_000;

/** The youngest runs, oldest first as in Airflow. */
export async function youngestRuns(
  { dagId, atMost = LOOKED_AT }: { dagId?: string | undefined; atMost?: number },
  { runs }: Pick<Ports, "runs">,
): Promise<RunSummary[]> {
  const found: RunSummary[] = [];
  while (found.length < atMost) {
    const limit = Math.min(AT_ONCE, atMost - found.length);
    const before = found.at(-1)?.id;
    const of = { ...(dagId === undefined ? {} : { dagId }), ...(before === undefined ? {} : { before }) };
    const page = await runs.listRuns({ limit, ...of });
    found.push(...page);
    if (page.length < limit) break;
  }
  return found.reverse();
}

/** One page of the runs of a DAG, or of all DAGs. */
export async function readRunPage(
  { query, dagId, isMeant = () => true }: { query: RunListQuery; dagId?: string; isMeant?: (run: RunSummary) => boolean },
  { runs, dags }: Pick<Ports, "runs" | "dags">,
): Promise<z.infer<typeof AirflowDagRunCollection>> {
  const { page, total } = query.page((await youngestRuns({ dagId }, { runs })).filter(isMeant));
  const versions = new Map([...new Set(page.map(run => run.dagId))].map(id => [id, readVersions(id, { dags })]));
  const dagRuns = page.map(async run => {
    const [known, remarks] = await Promise.all([versions.get(run.dagId)!, runs.remarks(run.id)]);
    return airflowRun(run, { versions: known, remark: remarks.run });
  });
  return { dag_runs: await Promise.all(dagRuns), total_entries: total };
}
