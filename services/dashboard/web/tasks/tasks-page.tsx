import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import { useState } from "react";
import type { LiveTaskListReply } from "#contract/live-task.ts";
import { ActMenu } from "../acts/act-menu.tsx";
import { askForTasks } from "../acts/opened.ts";
import { TASK_ACTS, type TaskSubject } from "../acts/task-acts.ts";
import { queries } from "../api/queries.ts";
import { useMay } from "../live/me.ts";
import { Button } from "../ui/button.tsx";
import { Select } from "../ui/field.tsx";
import { Ago } from "../ui/instant.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Page } from "../ui/page.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { StateBadge, StateIcon } from "../ui/state-badge.tsx";
import { lookOf } from "../ui/state-look.ts";
import { type Column, Table } from "../ui/table.tsx";

const route = getRouteApi("/tasks");
type LiveTask = LiveTaskListReply["tasks"][number];

const STATES = ["running", "queued", "scheduled", "deferred", "up_for_retry", "restarting", "failed"] as const;
const ACTS = Object.values(TASK_ACTS);
const BULK = [
  TASK_ACTS.clear,
  TASK_ACTS.retryNow,
  TASK_ACTS.stopRetrying,
  TASK_ACTS.markSuccess,
  TASK_ACTS.markFailed,
  TASK_ACTS.markSkipped,
];

/** Tasks of all runs that run, wait or have failed, and what can be done to many of them at once. */
export function TasksPage() {
  const { dag, state } = route.useSearch();
  const navigate = route.useNavigate();
  const tasks = useQuery(queries.tasks({ dagId: dag, state }));
  const dags = useQuery(queries.dagLines(false));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const mayAct = useMay("operator");
  const picked = (tasks.data?.tasks ?? []).filter(task => chosen.has(keyOf(task)));
  const setState = (next: string | undefined): void => void navigate({ search: old => ({ ...old, state: next }), replace: true });
  return (
    <Page title="Tasks" name="Tasks" about="Of runs under way, and failed ones of the last 24 hours">
      <div className="toolbar">
        <span className="button-group">
          <Button small aria-pressed={state === undefined} onClick={() => setState(undefined)}>
            All
          </Button>
          {STATES.map(one => (
            <Button key={one} small aria-pressed={state === one} onClick={() => setState(one)}>
              <StateIcon state={one} size={12} />
              {lookOf(one).label}
              <span className="quiet number">{tasks.data?.counts[one] ?? 0}</span>
            </Button>
          ))}
        </span>
        <Select
          aria-label="DAG"
          value={dag ?? ""}
          choices={[{ value: "", label: "Any DAG" }, ...(dags.data?.dags ?? []).map(({ id }) => ({ value: id, label: id }))]}
          onChange={event => void navigate({ search: old => ({ ...old, dag: event.target.value || undefined }), replace: true })}
        />
        {picked.length > 0 && (
          <span className="row toolbar-end">
            <span className="small strong" role="status">
              {picked.length} selected
            </span>
            <ActMenu small label="Act on them" acts={BULK} subjects={picked} onAct={act => askForTasks(act, picked)} />
          </span>
        )}
      </div>
      <Panel flush>
        <QueryView query={tasks} what="the tasks">
          {({ tasks: found, isPartial }) =>
            found.length === 0 ? (
              <EmptyState icon={ListChecks} title="No task runs, waits or has failed">
                Tasks show here while their runs are under way. Those of a run that has ended are on its page.
              </EmptyState>
            ) : (
              <>
                <Table
                  label="tasks"
                  columns={COLUMNS}
                  rows={found}
                  keyOf={keyOf}
                  selection={mayAct ? { chosen, onChange: setChosen } : undefined}
                />
                {isPartial && <p className="quiet small table-foot">Only the first 200 runs were looked at.</p>}
              </>
            )
          }
        </QueryView>
      </Panel>
    </Page>
  );
}

const keyOf = ({ runId, taskId }: LiveTask): string => `${runId} ${taskId}`;

const COLUMNS: readonly Column<LiveTask>[] = [
  {
    id: "state",
    head: "State",
    width: "150px",
    cell: task => <StateBadge state={task.state} suffix={task.try > 1 ? `try ${task.try}` : undefined} />,
  },
  {
    id: "task",
    head: "Task",
    cell: ({ runId, taskId }) => (
      <Link to="/runs/$runId/tasks/$taskId" params={{ runId, taskId }} className="strong nowrap">
        {taskId}
      </Link>
    ),
  },
  {
    id: "run",
    head: "Run",
    cell: ({ runId }) => (
      <Link to="/runs/$runId" params={{ runId }} className="nowrap">
        {runId}
      </Link>
    ),
  },
  {
    id: "why",
    head: "Why",
    grows: true,
    cell: ({ code, message }) =>
      code !== undefined && (
        <span data-tip={message}>
          <code>{code}</code> <span className="quiet">{message}</span>
        </span>
      ),
  },
  { id: "worker", head: "Worker", cell: ({ worker }) => <span className="quiet">{worker}</span> },
  { id: "retry", head: "Next try", cell: ({ retryAt }) => retryAt !== undefined && <Ago at={retryAt} /> },
  { id: "since", head: "Since", align: "right", cell: ({ sinceAt }) => <Ago at={sinceAt} /> },
  {
    id: "acts",
    head: <span className="spoken">Actions</span>,
    width: "40px",
    align: "right",
    cell: task => <RowActs task={task} />,
  },
];

const RowActs = ({ task }: { task: TaskSubject }) => (
  <ActMenu small acts={ACTS} subjects={[task]} onAct={act => askForTasks(act, [task])} />
);
