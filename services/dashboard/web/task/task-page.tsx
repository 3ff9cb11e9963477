import "../run/run.css";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Box, Braces, CircleHelp, History, PackageOpen, ScrollText } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import type { TaskReply } from "#contract/run.ts";
import { isInstance, specIdOf } from "#core/instance-id.ts";
import { hashOfLine, useLineOfHash } from "../log/line-of-hash.ts";
import { Took } from "../ui/duration.tsx";
import { Ago } from "../ui/instant.tsx";
import { EmptyState, LoadingState } from "../ui/notices.tsx";
import { Page } from "../ui/page.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { type Tab, Tabs } from "../ui/tabs.tsx";
import { EarlierTab } from "./earlier-tab.tsx";
import { InstancesView } from "./instances-view.tsx";
import { OutcomeBox } from "./outcome-box.tsx";
import { OutputView } from "./output-view.tsx";
import { PodTab } from "./pod-tab.tsx";
import { RenderedView } from "./rendered-view.tsx";
import { TaskActions } from "./task-actions.tsx";
import { taskQueries } from "./task-queries.ts";
import { chosenTry, type TryView, triesOf } from "./tries-of.ts";
import { TryTabs } from "./try-tabs.tsx";
import { WhyView } from "./why-view.tsx";

const TaskLog = lazy(() => import("./task-log.tsx"));
const route = getRouteApi("/runs/$runId/tasks/$taskId");

type TabId = "logs" | "pod" | "why" | "params" | "outputs" | "earlier";

const TABS: readonly Tab<TabId>[] = [
  { id: "logs", label: "Logs", icon: ScrollText },
  { id: "pod", label: "Pod", icon: Box },
  { id: "why", label: "Why", icon: CircleHelp },
  { id: "params", label: "Params", icon: Braces },
  { id: "outputs", label: "Outputs", icon: PackageOpen },
  { id: "earlier", label: "Earlier runs", icon: History },
];

/** One task of a run: each of its tries with log, pod and texts, why it is where it is, and how it went before. */
export function TaskPage() {
  const { runId, taskId } = route.useParams();
  const query = useQuery(taskQueries.task(runId, taskId));
  return (
    <QueryView query={query} what="the task">
      {task => <Known runId={runId} task={task} />}
    </QueryView>
  );
}

function Known({ runId, task }: { runId: string; task: TaskReply }) {
  const { tab = "logs", try: number, infra } = route.useSearch();
  const navigate = route.useNavigate();
  const tries = triesOf(task);
  const chosen = chosenTry(tries, number, infra);
  const dagId = runId.slice(0, runId.indexOf("~"));
  return (
    <Page
      name={`${task.id} of ${runId}`}
      path={
        <>
          <Link to="/dags">DAGs</Link> /{" "}
          <Link to="/dags/$dagId" params={{ dagId }}>
            {dagId}
          </Link>{" "}
          /{" "}
          <Link to="/runs/$runId" params={{ runId }}>
            {runId.slice(dagId.length + 1)}
          </Link>{" "}
          /
          {isInstance(task.id) && (
            <Link to="/runs/$runId/tasks/$taskId" params={{ runId, taskId: specIdOf(task.id) }}>
              {specIdOf(task.id)} /
            </Link>
          )}
        </>
      }
      title={
        <>
          <span className="run-name">{task.id}</span>
          <StateBadge
            state={task.state}
            suffix={task.maxTries > 1 && task.try > 0 ? `try ${task.try} of ${task.maxTries}` : undefined}
          />
        </>
      }
      about={<About task={task} />}
      acts={<TaskActions runId={runId} task={task} />}
    >
      <div className="panel">
        {tries.length > 1 && chosen !== undefined && (
          <TryTabs
            tries={tries}
            chosen={chosen}
            onChoose={one =>
              void navigate({ search: before => ({ ...before, try: one.try, infra: one.infra || undefined }), replace: true })
            }
          />
        )}
        {chosen?.outcome !== undefined && (
          <OutcomeBox outcome={chosen.outcome} state={chosen.state} pod={chosen.pod} later={chosen.later} />
        )}
        {chosen === undefined && task.instances === undefined && (
          <div className="task-panel-why">
            <WhyView runId={runId} taskId={task.id} />
          </div>
        )}
        {task.instances !== undefined && <InstancesView runId={runId} taskId={task.id} />}
      </div>
      <Tabs
        label="Views of the task"
        tabs={TABS}
        selected={tab}
        onSelect={next =>
          void navigate({
            search: ({ try: kept, infra: restart }) => ({ try: kept, infra: restart, tab: next === "logs" ? undefined : next }),
            replace: true,
          })
        }
      >
        {VIEWS[tab]({ runId, dagId, task, of: chosen })}
      </Tabs>
    </Page>
  );
}

function About({ task: { operator, startedAt, endedAt, worker, upstream } }: { task: TaskReply }) {
  return (
    <p className="facts-line">
      {operator}
      {startedAt !== undefined && (
        <>
          {" · "}
          <Ago at={startedAt} /> · {endedAt === undefined ? "for" : "took"} <Took from={startedAt} until={endedAt} />
        </>
      )}
      {worker !== undefined && ` · worker ${worker}`}
      {upstream.length > 0 && ` · after ${upstream.length <= 4 ? upstream.join(", ") : `${upstream.length} tasks`}`}
    </p>
  );
}

interface ViewProps {
  runId: string;
  dagId: string;
  task: TaskReply;
  of: TryView | undefined;
}

const VIEWS: Readonly<Record<TabId, (props: ViewProps) => ReactNode>> = {
  logs: props => <LogsTab {...props} />,
  pod: ({ runId, task, of }) => <PodTab runId={runId} task={task} of={of} />,
  why: ({ runId, task }) => (
    <Panel title="Why it is where it is">
      <WhyView runId={runId} taskId={task.id} />
    </Panel>
  ),
  params: ({ of }) => <RenderedView rendered={of?.rendered} />,
  outputs: ({ task }) => <OutputView output={task.output} />,
  earlier: props => <Earlier {...props} />,
};

function LogsTab({ runId, task, of }: ViewProps) {
  const { container, q } = route.useSearch();
  const line = useLineOfHash();
  const navigate = route.useNavigate();
  if (of === undefined)
    return task.instances === undefined ? (
      <EmptyState icon={ScrollText} title="It has no try">
        A log appears with its first try. Above stands why there is none.
      </EmptyState>
    ) : (
      <EmptyState icon={ScrollText} title="Each instance has a log of its own">
        Choose one in the table above.
      </EmptyState>
    );
  return (
    <div className="task-log-frame fill">
      <Suspense fallback={<LoadingState what="the log" />}>
        <TaskLog
          runId={runId}
          task={task}
          of={of}
          view={{ container, line, q }}
          onView={({ line: next = line, ...view }) =>
            void navigate({
              search: before => ({ ...before, ...view }),
              hash: hashOfLine("container" in view ? undefined : next),
              replace: true,
            })
          }
        />
      </Suspense>
    </div>
  );
}

function Earlier({ runId, dagId, task }: ViewProps) {
  const query = useQuery(taskQueries.earlier(dagId, task.id));
  return <EarlierTab dagId={dagId} taskId={task.id} runId={runId} query={query} />;
}
