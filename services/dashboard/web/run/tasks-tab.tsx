import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { RunDetailReply, TaskReply } from "#contract/run.ts";
import { Took } from "../ui/duration.tsx";
import { Instant } from "../ui/instant.tsx";
import type { Order } from "../ui/order.ts";
import { Panel } from "../ui/panel.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { type Column, Table } from "../ui/table.tsx";

/** What has failed comes first, what never ran because of it next. */
const URGENCY = [
  "failed",
  "up_for_retry",
  "restarting",
  "running",
  "deferred",
  "mapped",
  "queued",
  "scheduled",
  "upstream_failed",
  "cancelled",
  "none",
  "skipped",
  "success",
];

const KEYS: Readonly<Record<string, (task: TaskReply) => string | number>> = {
  state: ({ state }) => URGENCY.indexOf(state),
  task: ({ id }) => id,
  started: ({ startedAt }) => startedAt ?? "~",
  took: ({ startedAt, endedAt }) =>
    startedAt === undefined ? -1 : (endedAt === undefined ? Date.now() : Date.parse(endedAt)) - Date.parse(startedAt),
  tries: task => task.try,
};

export function TasksTab({ run }: { run: RunDetailReply }) {
  const [order, setOrder] = useState<Order>({ by: "state", down: false });
  const key = KEYS[order.by] ?? KEYS.state!;
  const rows = run.tasks.toSorted((a, b) => {
    const [one, other] = [key(a), key(b)];
    return (one < other ? -1 : one > other ? 1 : 0) * (order.down ? -1 : 1);
  });
  return (
    <Panel flush>
      <Table label="tasks" columns={columnsOf(run.id)} rows={rows} keyOf={({ id }) => id} order={order} onOrder={setOrder} />
    </Panel>
  );
}

const columnsOf = (runId: string): Column<TaskReply>[] => [
  {
    id: "task",
    head: "Task",
    sortable: true,
    cell: ({ id, instances }) => (
      <span className="row">
        <Link to="/runs/$runId/tasks/$taskId" params={{ runId, taskId: id }} className="strong">
          {id}
        </Link>
        {instances !== undefined && <span className="gantt-count number">×{instances}</span>}
      </span>
    ),
  },
  { id: "state", head: "State", sortable: true, cell: ({ state }) => <StateBadge state={state} /> },
  {
    id: "why",
    head: "What happened",
    grows: true,
    cell: ({ outcome, note }) => outcome?.message || (outcome?.code ?? (typeof note?.message === "string" ? note.message : "")),
  },
  {
    id: "tries",
    head: "Tries",
    align: "right",
    sortable: true,
    cell: ({ try: number, maxTries }) => (number === 0 ? "–" : `${number} of ${maxTries}`),
  },
  { id: "operator", head: "Kind", cell: ({ operator }) => <span className="quiet">{operator}</span> },
  { id: "started", head: "Started", sortable: true, cell: ({ startedAt }) => <Instant at={startedAt} /> },
  {
    id: "took",
    head: "Took",
    align: "right",
    sortable: true,
    cell: ({ startedAt, endedAt }) => <Took from={startedAt} until={endedAt} />,
  },
];
