import "./run.css";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Braces, ChartNoAxesGantt, History, ListChecks, PackageOpen, Workflow } from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import type { RunDetailReply } from "#contract/run.ts";
import { queries } from "../api/queries.ts";
import { LoadingState } from "../ui/notices.tsx";
import { Page } from "../ui/page.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { type Tab, Tabs } from "../ui/tabs.tsx";
import { EventsTab } from "./events-tab.tsx";
import { OutputsTab } from "./outputs-tab.tsx";
import { ParamsTab } from "./params-tab.tsx";
import { RunActions } from "./run-actions.tsx";
import { RunFacts } from "./run-facts.tsx";
import { TasksTab } from "./tasks-tab.tsx";
import { TimelineTab } from "./timeline-tab.tsx";
import { VerdictLine } from "./verdict-line.tsx";

const RunGraph = lazy(() => import("../graph/run-graph.tsx"));
const route = getRouteApi("/runs/$runId");

type TabId = "timeline" | "graph" | "tasks" | "events" | "params" | "outputs";

const tabsOf = (run: RunDetailReply): readonly Tab<TabId>[] => [
  { id: "timeline", label: "Timeline", icon: ChartNoAxesGantt },
  { id: "graph", label: "Graph", icon: Workflow },
  { id: "tasks", label: "Tasks", icon: ListChecks, badge: run.tasks.length },
  { id: "events", label: "Events", icon: History },
  { id: "params", label: "Params", icon: Braces },
  {
    id: "outputs",
    label: "Outputs",
    icon: PackageOpen,
    badge: run.tasks.filter(({ output }) => output !== undefined).length || undefined,
  },
];

const VIEWS: Readonly<Record<TabId, (run: RunDetailReply) => ReactNode>> = {
  timeline: run => <TimelineTab run={run} />,
  graph: run => (
    <Suspense fallback={<LoadingState what="the graph" />}>
      <RunGraph run={run} />
    </Suspense>
  ),
  tasks: run => <TasksTab run={run} />,
  events: run => <EventsTab runId={run.id} />,
  params: run => <ParamsTab run={run} />,
  outputs: run => <OutputsTab run={run} />,
};

/** One run: what became of it in one sentence, who ran when, and the log of what failed first. */
export function RunPage() {
  const { runId } = route.useParams();
  const query = useQuery(queries.run(runId));
  return (
    <QueryView query={query} what="the run">
      {run => <Known run={run} />}
    </QueryView>
  );
}

function Known({ run }: { run: RunDetailReply }) {
  const { tab = "timeline" } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page
      name={run.id}
      path={
        <>
          <Link to="/dags">DAGs</Link> /{" "}
          <Link to="/dags/$dagId" params={{ dagId: run.dagId }}>
            {run.dagId}
          </Link>{" "}
          /
        </>
      }
      title={
        <>
          <span className="run-name">{run.id.slice(run.dagId.length + 1)}</span>
          <StateBadge state={run.state} />
        </>
      }
      about={<RunFacts run={run} />}
      acts={<RunActions run={run} />}
    >
      <VerdictLine run={run} />
      <Tabs
        label="Views of the run"
        tabs={tabsOf(run)}
        selected={tab}
        onSelect={next =>
          void navigate({ search: ({ task }) => ({ task, tab: next === "timeline" ? undefined : next }), replace: true })
        }
      >
        {VIEWS[tab](run)}
      </Tabs>
    </Page>
  );
}
