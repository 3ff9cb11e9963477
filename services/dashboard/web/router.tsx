import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { count, flag, oneOf, searchOf, text } from "./api/search-of.ts";
import { DAG_TABS } from "./dag/dag-tabs.ts";
import { RUN_STATES } from "./runs/run-states.ts";
import { PageFailed } from "./shell/page-failed.tsx";
import { Shell } from "./shell/shell.tsx";
import { UnknownPage } from "./shell/unknown-page.tsx";

const root = createRootRoute({ component: Shell, notFoundComponent: UnknownPage, errorComponent: PageFailed });
const under = <const Path extends string>(path: Path) => ({ getParentRoute: () => root, path }) as const;

/** Every page: its path, and what of its view lies in its address. Each page is a file of its own, loaded when it is first opened. */
const routes = [
  createRoute({ ...under("/"), component: lazyRouteComponent(() => import("./now/now-page.tsx"), "NowPage") }),
  createRoute({
    ...under("/dags"),
    validateSearch: searchOf({
      q: text,
      tag: text,
      owner: text,
      state: oneOf(...RUN_STATES),
      show: oneOf("active", "paused", "removed"),
      by: text,
      down: flag,
    }),
    component: lazyRouteComponent(() => import("./dags/dags-page.tsx"), "DagsPage"),
  }),
  createRoute({
    ...under("/dags/$dagId"),
    validateSearch: searchOf({
      tab: oneOf(...DAG_TABS),
      from: text,
      to: text,
      state: oneOf(...RUN_STATES),
      q: text,
      task: text,
      open: text,
      year: count,
    }),
    component: lazyRouteComponent(() => import("./dag/dag-page.tsx"), "DagPage"),
  }),
  createRoute({
    ...under("/runs"),
    validateSearch: searchOf({ dag: text, state: oneOf(...RUN_STATES) }),
    component: lazyRouteComponent(() => import("./runs/runs-page.tsx"), "RunsPage"),
  }),
  createRoute({
    ...under("/runs/$runId"),
    validateSearch: searchOf({
      tab: oneOf("timeline", "graph", "tasks", "events", "params", "outputs"),
      task: text,
      try: count,
      container: text,
      line: count,
      q: text,
    }),
    component: lazyRouteComponent(() => import("./run/run-page.tsx"), "RunPage"),
  }),
  createRoute({
    ...under("/runs/$runId/tasks/$taskId"),
    validateSearch: searchOf({
      tab: oneOf("logs", "pod", "why", "params", "outputs", "earlier"),
      try: count,
      infra: count,
      container: text,
      line: count,
      q: text,
    }),
    component: lazyRouteComponent(() => import("./task/task-page.tsx"), "TaskPage"),
  }),
  createRoute({
    ...under("/tasks"),
    validateSearch: searchOf({ dag: text, state: text }),
    component: lazyRouteComponent(() => import("./tasks/tasks-page.tsx"), "TasksPage"),
  }),
  createRoute({
    ...under("/backfills"),
    component: lazyRouteComponent(() => import("./backfills/backfills-page.tsx"), "BackfillsPage"),
  }),
  createRoute({ ...under("/assets"), component: lazyRouteComponent(() => import("./assets/assets-page.tsx"), "AssetsPage") }),
  createRoute({ ...under("/adhoc"), component: lazyRouteComponent(() => import("./adhoc/adhoc-page.tsx"), "AdhocPage") }),
  createRoute({ ...under("/workers"), component: lazyRouteComponent(() => import("./workers/workers-page.tsx"), "WorkersPage") }),
  createRoute({ ...under("/pools"), component: lazyRouteComponent(() => import("./pools/pools-page.tsx"), "PoolsPage") }),
  createRoute({
    ...under("/variables"),
    validateSearch: searchOf({ q: text }),
    component: lazyRouteComponent(() => import("./variables/variables-page.tsx"), "VariablesPage"),
  }),
  createRoute({
    ...under("/audit"),
    validateSearch: searchOf({ who: text, what: text, target: text }),
    component: lazyRouteComponent(() => import("./audit/audit-page.tsx"), "AuditPage"),
  }),
  createRoute({ ...under("/tokens"), component: lazyRouteComponent(() => import("./tokens/tokens-page.tsx"), "TokensPage") }),
  createRoute({
    ...under("/settings"),
    validateSearch: searchOf({ q: text }),
    component: lazyRouteComponent(() => import("./settings/settings-page.tsx"), "SettingsPage"),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: "intent",
  defaultPreloadDelay: 60,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
