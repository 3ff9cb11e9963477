import type { AirflowDagRun } from "#contract/airflow/dag-run.ts";
import type { RunSummary } from "#state/run-record.ts";
import type { Ports } from "../ports.ts";
import { readVersions } from "./read-run-facts.ts";
import { airflowRun } from "./replies/dag-run-reply.ts";

/** A run as it is, or as it has become meanwhile. */
export async function readRunReply(known: RunSummary, { runs, dags }: Pick<Ports, "runs" | "dags">): Promise<AirflowDagRun> {
  const [versions, remarks] = await Promise.all([readVersions(known.dagId, { dags }), runs.remarks(known.id)]);
  return airflowRun(known, { versions, remark: remarks.run });
}
