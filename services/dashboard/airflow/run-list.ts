import type { z } from "zod";
import type { RunSummary } from "#state/run-record.ts";
import { listQuery } from "./list-query.ts";
import { secondsBetween } from "./replies/instant-or-null.ts";
import { dagRunIdOf } from "./run-id.ts";
import { RUN_STATES, RUN_TYPES } from "./states.ts";

const dagRunId = (run: RunSummary): string => dagRunIdOf(run.id);
const state = (run: RunSummary): string => RUN_STATES[run.state];

/** What runs can be compared by. */
const TIMES = {
  run_after: (run: RunSummary): number => run.createdAt,
  logical_date: (run: RunSummary): number | null => run.logicalAt ?? null,
  start_date: (run: RunSummary): number | null => run.startedAt ?? null,
  end_date: (run: RunSummary): number | null => run.endedAt ?? null,
  duration: (run: RunSummary): number | null => secondsBetween(run.startedAt, run.endedAt),
};

export const RunListQuery = listQuery(
  {
    oneOf: { state, run_type: run => RUN_TYPES[run.trigger.kind] },
    ranges: TIMES,
    texts: { run_id: dagRunId, dag_id: run => run.dagId, triggering_user_name: run => run.trigger.by ?? "" },
    order: { ...TIMES, id: run => run.createdAt, state, dag_id: run => run.dagId, run_id: dagRunId, dag_run_id: dagRunId },
  },
  {},
);
export type RunListQuery = z.output<typeof RunListQuery>;
