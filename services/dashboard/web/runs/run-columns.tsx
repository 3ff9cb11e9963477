import { Link } from "@tanstack/react-router";
import type { RunReply } from "#contract/run.ts";
import { ActMenu } from "../acts/act-menu.tsx";
import { askForRuns } from "../acts/opened.ts";
import { RUN_ACTS } from "../acts/run-acts.ts";
import { Took } from "../ui/duration.tsx";
import { Instant } from "../ui/instant.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import type { Column } from "../ui/table.tsx";
import { TriggerText } from "./trigger-text.tsx";

const ACTS = Object.values(RUN_ACTS);

/** @param showsDag false: all rows are of one DAG */
export const runColumns = (showsDag: boolean): readonly Column<RunReply>[] => [
  { id: "state", head: "State", width: "130px", cell: ({ state }) => <StateBadge state={state} /> },
  ...(showsDag ? [DAG] : []),
  {
    id: "run",
    head: "Run",
    grows: true,
    cell: ({ id, dagId }) => (
      <Link to="/runs/$runId" params={{ runId: id }} className="strong" data-tip={id}>
        {id.slice(dagId.length + 1)}
      </Link>
    ),
  },
  { id: "trigger", head: "Started by", cell: ({ trigger }) => <TriggerText trigger={trigger} /> },
  { id: "logical", head: "Logical date", cell: ({ logicalAt }) => <Instant at={logicalAt} /> },
  { id: "created", head: "Created", cell: ({ createdAt }) => <Instant at={createdAt} /> },
  { id: "took", head: "Took", align: "right", cell: ({ startedAt, endedAt }) => <Took from={startedAt} until={endedAt} /> },
  {
    id: "acts",
    head: <span className="spoken">Actions</span>,
    width: "40px",
    align: "right",
    cell: run => <RowActs run={run} />,
  },
];

const DAG: Column<RunReply> = {
  id: "dag",
  head: "DAG",
  cell: ({ dagId }) => (
    <Link to="/dags/$dagId" params={{ dagId }} className="nowrap">
      {dagId}
    </Link>
  ),
};

function RowActs({ run: { id, state } }: { run: RunReply }) {
  const subject = { runId: id, state };
  return <ActMenu small acts={ACTS} subjects={[subject]} onAct={act => askForRuns(act, [subject])} />;
}
