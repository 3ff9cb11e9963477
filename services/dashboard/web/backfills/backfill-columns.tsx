import { Link } from "@tanstack/react-router";
import type { BackfillReply } from "#contract/backfill.ts";
import { Ago, Instant } from "../ui/instant.tsx";
import type { Column } from "../ui/table.tsx";
import { BackfillActs } from "./backfill-acts.tsx";
import { BackfillState } from "./backfill-state.tsx";

/** @param showsDag false: all rows are of one DAG */
export const backfillColumns = (showsDag: boolean): readonly Column<BackfillReply>[] => [
  { id: "state", head: "State", width: "120px", cell: ({ state }) => <BackfillState state={state} /> },
  ...(showsDag ? [DAG] : []),
  {
    id: "range",
    head: "Logical dates",
    cell: ({ from, until }) => (
      <span className="nowrap">
        <Instant at={from} /> – <Instant at={until} />
      </span>
    ),
  },
  { id: "progress", head: "Progress", grows: true, cell: backfill => <Progress backfill={backfill} /> },
  {
    id: "counts",
    head: <span data-tip="Runs created · run again · left as they were">Created · again · left</span>,
    align: "right",
    cell: ({ counts: { created, cleared, left } }) => `${created} · ${cleared} · ${left}`,
  },
  {
    id: "active",
    head: "Under way",
    align: "right",
    cell: ({ active, maxActiveRuns }) => `${active.length} of ${maxActiveRuns}`,
  },
  { id: "by", head: "By", cell: ({ by }) => <span className="quiet">{by}</span> },
  { id: "created", head: "Started", cell: ({ createdAt }) => <Ago at={createdAt} /> },
  {
    id: "acts",
    head: <span className="spoken">Actions</span>,
    align: "right",
    cell: backfill => <BackfillActs backfill={backfill} />,
  },
];

const DAG: Column<BackfillReply> = {
  id: "dag",
  head: "DAG",
  cell: ({ dagId }) => (
    <Link to="/dags/$dagId" params={{ dagId }} search={{ tab: "backfills" }}>
      {dagId}
    </Link>
  ),
};

const Progress = ({ backfill: { done, total } }: { backfill: BackfillReply }) => (
  <span className="row">
    <progress className="bar" value={done} max={total} aria-label={`${done} of ${total} ticks`} />
    <span className="number nowrap">
      {done} of {total}
    </span>
  </span>
);
