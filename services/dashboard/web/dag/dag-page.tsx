import "./dag.css";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import {
  Activity,
  CalendarDays,
  CalendarRange,
  ChartColumn,
  Code,
  Grid3x3,
  History,
  TriangleAlert,
  Workflow,
} from "lucide-react";
import { type ComponentType, lazy, Suspense } from "react";
import type { DagDetailReply } from "#contract/dag.ts";
import { queries } from "../api/queries.ts";
import { ErrorState, LoadingState } from "../ui/notices.tsx";
import { Page } from "../ui/page.tsx";
import { type Tab, Tabs } from "../ui/tabs.tsx";
import { DagActs } from "./dag-acts.tsx";
import { DagFacts } from "./dag-facts.tsx";
import type { DagTab } from "./dag-tabs.ts";

const route = getRouteApi("/dags/$dagId");

const TABS: readonly Tab<DagTab>[] = [
  { id: "grid", label: "Grid", icon: Grid3x3 },
  { id: "graph", label: "Graph", icon: Workflow },
  { id: "runs", label: "Runs", icon: History },
  { id: "calendar", label: "Calendar", icon: CalendarDays },
  { id: "durations", label: "Durations", icon: ChartColumn },
  { id: "backfills", label: "Backfills", icon: CalendarRange },
  { id: "code", label: "Code", icon: Code },
  { id: "events", label: "Events", icon: Activity },
];

/** Each tab is loaded when it is first opened. */
const CONTENT: Readonly<Record<DagTab, ComponentType<{ dagId: string }>>> = {
  grid: lazy(async () => ({ default: (await import("../grid/dag-grid.tsx")).DagGrid })),
  graph: lazy(async () => ({ default: (await import("../graph/dag-graph.tsx")).DagGraph })),
  runs: lazy(async () => ({ default: (await import("./runs-tab.tsx")).RunsTab })),
  calendar: lazy(async () => ({ default: (await import("./calendar-tab.tsx")).CalendarTab })),
  durations: lazy(async () => ({ default: (await import("./durations-tab.tsx")).DurationsTab })),
  backfills: lazy(async () => ({ default: (await import("./backfills-tab.tsx")).BackfillsTab })),
  code: lazy(async () => ({ default: (await import("./code-tab.tsx")).CodeTab })),
  events: lazy(async () => ({ default: (await import("./events-tab.tsx")).EventsTab })),
};

/** One DAG: what it is, when it runs next, how its runs went. */
export function DagPage() {
  const { dagId } = route.useParams();
  const dag = useQuery(queries.dag(dagId));
  if (dag.data !== undefined) return <Loaded dag={dag.data} />;
  return (
    <Page title={dagId} name={dagId}>
      {dag.error === null ? <LoadingState what="the DAG" /> : <ErrorState error={dag.error} onRetry={() => void dag.refetch()} />}
    </Page>
  );
}

function Loaded({ dag }: { dag: DagDetailReply }) {
  const { tab = "grid" } = route.useSearch();
  const navigate = route.useNavigate();
  const Content = CONTENT[tab];
  return (
    <Page title={dag.id} name={dag.id} path={<Link to="/dags">DAGs</Link>} about={dag.description} acts={<DagActs dag={dag} />}>
      <DagFacts dag={dag} />
      {dag.warnings.map(warning => (
        <p key={warning} className="warning" role="status">
          <TriangleAlert size={15} aria-hidden="true" /> {warning}
        </p>
      ))}
      <div>
        <Tabs
          label="Views of the DAG"
          tabs={TABS}
          selected={tab}
          onSelect={next => void navigate({ search: { tab: next === "grid" ? undefined : next } })}
        >
          <Suspense fallback={<LoadingState what="the view" />}>
            <Content dagId={dag.id} />
          </Suspense>
        </Tabs>
      </div>
    </Page>
  );
}
