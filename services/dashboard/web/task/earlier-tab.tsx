import type { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { History } from "lucide-react";
import type { TaskRunsReply } from "#contract/task-runs.ts";
import { Took } from "../ui/duration.tsx";
import { Instant } from "../ui/instant.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { outcomeText } from "./outcome-text.ts";

type Row = TaskRunsReply["runs"][number];

/** The same task in the DAG's last runs: is this new, or has it always been so? */
export function EarlierTab({
  dagId,
  taskId,
  runId,
  query,
}: {
  dagId: string;
  taskId: string;
  runId: string;
  query: ReturnType<typeof useQuery<TaskRunsReply>>;
}) {
  return (
    <QueryView query={query} what="earlier runs">
      {({ runs }) =>
        runs.length === 0 ? (
          <EmptyState icon={History} title="No run has come to this task yet" />
        ) : (
          <Panel flush title={`${dagId} · ${taskId} in the last ${runs.length} runs`}>
            <Table
              label="earlier runs"
              columns={columnsOf(taskId)}
              rows={runs}
              keyOf={row => row.runId}
              rowClass={row => (row.runId === runId ? "here" : undefined)}
            />
          </Panel>
        )
      }
    </QueryView>
  );
}

const columnsOf = (taskId: string): Column<Row>[] => [
  {
    id: "run",
    head: "Run",
    cell: ({ runId }) => (
      <Link to="/runs/$runId/tasks/$taskId" params={{ runId, taskId }}>
        {runId.slice(runId.indexOf("~") + 1)}
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
  { id: "started", head: "Started", cell: ({ startedAt }) => <Instant at={startedAt} /> },
  { id: "took", head: "Took", align: "right", cell: ({ startedAt, endedAt }) => <Took from={startedAt} until={endedAt} /> },
];
