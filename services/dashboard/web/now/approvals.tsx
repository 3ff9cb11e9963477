import { Link } from "@tanstack/react-router";
import { Gavel, Hand } from "lucide-react";
import type { OverviewReply } from "#contract/overview.ts";
import { askToApprove } from "../acts/opened.ts";
import { useMay } from "../live/me.ts";
import { Button } from "../ui/button.tsx";
import { Ago } from "../ui/instant.tsx";
import { Panel } from "../ui/panel.tsx";
import { type Column, Table } from "../ui/table.tsx";

type Approval = OverviewReply["approvals"][number];

const COLUMNS: readonly Column<Approval>[] = [
  {
    id: "task",
    head: "Task",
    cell: ({ runId, taskId }) => (
      <Link to="/runs/$runId/tasks/$taskId" params={{ runId, taskId }} className="strong">
        {taskId}
      </Link>
    ),
  },
  {
    id: "run",
    head: "Run",
    grows: true,
    cell: ({ runId }) => (
      <Link to="/runs/$runId" params={{ runId }}>
        {runId}
      </Link>
    ),
  },
  { id: "since", head: "Asked", align: "right", cell: ({ sinceAt }) => <Ago at={sinceAt} /> },
  { id: "act", head: <span className="spoken">Decide</span>, align: "right", cell: approval => <Decide approval={approval} /> },
];

function Decide({ approval: { runId, taskId } }: { approval: Approval }) {
  if (!useMay("operator")) return null;
  return (
    <Button small icon={Gavel} onClick={() => askToApprove(runId, taskId)}>
      Decide
    </Button>
  );
}

/** Tasks that wait until somebody decides. */
export const Approvals = ({ approvals }: { approvals: readonly Approval[] }) => (
  <Panel
    flush
    tone="warn"
    title={
      <>
        <Hand size={16} aria-hidden="true" />
        {approvals.length === 1 ? "One task waits for an answer" : `${approvals.length} tasks wait for an answer`}
      </>
    }
  >
    <Table label="tasks that ask" columns={COLUMNS} rows={approvals} keyOf={({ runId, taskId }) => `${runId} ${taskId}`} />
  </Panel>
);
