import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { InstancesReply } from "#contract/task-runs.ts";
import { Button } from "../ui/button.tsx";
import { Took } from "../ui/duration.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { StateBadge, StateIcon } from "../ui/state-badge.tsx";
import { lookOf } from "../ui/state-look.ts";
import { type Column, Table } from "../ui/table.tsx";
import { outcomeText } from "./outcome-text.ts";
import { taskQueries } from "./task-queries.ts";

const PAGE = 100;
/** Those first that somebody has to look at. */
const ORDER = [
  "failed",
  "upstream_failed",
  "up_for_retry",
  "restarting",
  "running",
  "queued",
  "scheduled",
  "none",
  "cancelled",
  "skipped",
  "success",
];

type Instance = InstancesReply["instances"][number];

/** The instances of a mapped task: how many are in each state, and those of one state in a table. */
export function InstancesView({ runId, taskId }: { runId: string; taskId: string }) {
  const [chosen, setChosen] = useState<string>();
  const [offset, setOffset] = useState(0);
  const query = useQuery(taskQueries.instances(runId, taskId, { state: chosen, offset, limit: PAGE }));
  const choose = (state: string | undefined): void => {
    setChosen(state);
    setOffset(0);
  };
  return (
    <QueryView query={query} what="the instances">
      {({ total, counts, matching, instances }) => (
        <div className="instances">
          <fieldset className="instance-states">
            <legend className="spoken">Instances by state</legend>
            <Button small aria-pressed={chosen === undefined} onClick={() => choose(undefined)}>
              All {total.toLocaleString("en")}
            </Button>
            {ORDER.filter(state => state in counts).map(state => (
              <Button key={state} small aria-pressed={chosen === state} onClick={() => choose(state)}>
                <StateIcon state={state} size={12} /> {counts[state as keyof typeof counts]?.toLocaleString("en")}{" "}
                {lookOf(state).label}
              </Button>
            ))}
          </fieldset>
          <div className="instance-table">
            <Table label="instances" columns={columnsOf(runId)} rows={instances} keyOf={({ id }) => id} />
          </div>
          {matching > PAGE && (
            <div className="row small quiet">
              <Button small disabled={offset === 0} onClick={() => setOffset(offset - PAGE)}>
                Before
              </Button>
              {offset + 1}–{Math.min(offset + PAGE, matching)} of {matching.toLocaleString("en")}
              <Button small disabled={offset + PAGE >= matching} onClick={() => setOffset(offset + PAGE)}>
                Next
              </Button>
            </div>
          )}
        </div>
      )}
    </QueryView>
  );
}

const columnsOf = (runId: string): Column<Instance>[] => [
  {
    id: "index",
    head: "Instance",
    cell: ({ id, index }) => (
      <Link to="/runs/$runId/tasks/$taskId" params={{ runId, taskId: id }} className="number">
        @{index}
      </Link>
    ),
  },
  {
    id: "state",
    head: "State",
    cell: ({ state, try: number }) => <StateBadge state={state} suffix={number > 1 ? `try ${number}` : undefined} />,
  },
  {
    id: "why",
    head: "Outcome",
    grows: true,
    cell: outcomeText,
  },
  { id: "took", head: "Took", align: "right", cell: ({ startedAt, endedAt }) => <Took from={startedAt} until={endedAt} /> },
];
