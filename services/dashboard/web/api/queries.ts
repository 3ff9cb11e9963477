import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { z } from "zod";
import type { HistoryReply } from "#contract/act.ts";
import type { AssetListReply } from "#contract/asset.ts";
import type { BackfillListReply } from "#contract/backfill.ts";
import type { CalendarReply } from "#contract/calendar.ts";
import type { DagDetailReply } from "#contract/dag.ts";
import type { DagLineListReply } from "#contract/dag-line.ts";
import type { ImportErrorListReply } from "#contract/import-error.ts";
import type { LiveTaskListReply } from "#contract/live-task.ts";
import type { NextRunsReply } from "#contract/next-runs.ts";
import type { OverviewReply } from "#contract/overview.ts";
import type { PoolListReply } from "#contract/pool.ts";
import type { RunDetailReply, RunListReply } from "#contract/run.ts";
import type { VariableDetailReply, VariableListReply } from "#contract/variable.ts";
import type { DiffReply, VersionListReply } from "#contract/version.ts";
import type { WhyReply } from "#contract/why.ts";
import type { WorkerListReply } from "#contract/worker.ts";
import { isFollowed } from "../live/live-events.ts";
import { ask, path, withQuery } from "./ask.ts";
import { readSource } from "./read-source.ts";

/** What events tell of is asked for every 2 s only while nobody tells. */
const UNTOLD_MS = 2_000;
/** What no event tells of. */
const SLOW_MS = 5_000;

const told = { refetchInterval: () => (isFollowed() ? SLOW_MS * 6 : UNTOLD_MS) };
const untold = { refetchInterval: SLOW_MS };

/** Filters of the list of runs, as the API takes them. */
export interface RunFilter {
  dagId?: string | undefined;
  state?: string | undefined;
  limit?: number | undefined;
}

const get =
  <Reply>(url: string) =>
  ({ signal }: { signal: AbortSignal }): Promise<Reply> =>
    ask<Reply>(url, { signal });

/**
 * Every read of the API that pages share, with the name under which it is kept. What is about one run begins with ["run", id], about one DAG
 * with ["dag", id]: events name what is stale by these.
 */
export const queries = {
  overview: () => queryOptions({ queryKey: ["overview"], queryFn: get<OverviewReply>("/api/v1/overview"), ...told }),
  dagLines: (removed: boolean) =>
    queryOptions({
      queryKey: ["dags", removed],
      queryFn: get<z.infer<typeof DagLineListReply>>(withQuery("/api/v1/overview/dags", { removed })),
      ...told,
    }),
  importErrors: () =>
    queryOptions({ queryKey: ["import-errors"], queryFn: get<ImportErrorListReply>("/api/v1/import-errors"), ...untold }),
  dag: (dagId: string) =>
    queryOptions({ queryKey: ["dag", dagId], queryFn: get<DagDetailReply>(path`/api/v1/dags/${dagId}`), ...told }),
  nextRuns: (dagId: string, n: number) =>
    queryOptions({
      queryKey: ["dag", dagId, "next", n],
      queryFn: get<NextRunsReply>(withQuery(path`/api/v1/dags/${dagId}/next`, { n })),
      ...untold,
    }),
  versions: (dagId: string) =>
    queryOptions({
      queryKey: ["dag", dagId, "versions"],
      queryFn: get<z.infer<typeof VersionListReply>>(path`/api/v1/dags/${dagId}/versions`),
      ...untold,
    }),
  diff: (dagId: string, from: string, to: string) =>
    queryOptions({
      queryKey: ["dag", dagId, "diff", from, to],
      queryFn: get<z.infer<typeof DiffReply>>(withQuery(path`/api/v1/dags/${dagId}/diff`, { from, to })),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  source: (dagId: string, version: string) =>
    queryOptions({
      queryKey: ["dag", dagId, "source", version],
      queryFn: ({ signal }) => readSource(dagId, version, signal),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  whyDag: (dagId: string) =>
    queryOptions({ queryKey: ["dag", dagId, "why"], queryFn: get<WhyReply>(path`/api/v1/dags/${dagId}/why`), ...untold }),
  /** The first page of a list of runs. */
  runs: (filter: RunFilter) =>
    queryOptions({
      queryKey: ["runs", filter],
      queryFn: get<RunListReply>(withQuery("/api/v1/runs", { ...filter })),
      placeholderData: keepPreviousData,
      ...told,
    }),
  /** Page after page of a list of runs. */
  runPages: (filter: RunFilter) =>
    infiniteQueryOptions({
      queryKey: ["runs", "pages", filter],
      queryFn: ({ pageParam, signal }) => ask<RunListReply>(pageParam, { signal }),
      initialPageParam: withQuery("/api/v1/runs", { ...filter }),
      getNextPageParam: ({ links }: RunListReply) => links.next,
      placeholderData: keepPreviousData,
      ...told,
    }),
  run: (runId: string) =>
    queryOptions({ queryKey: ["run", runId], queryFn: get<RunDetailReply>(path`/api/v1/runs/${runId}`), ...told }),
  history: (runId: string) =>
    queryOptions({
      queryKey: ["run", runId, "history"],
      queryFn: get<z.infer<typeof HistoryReply>>(path`/api/v1/runs/${runId}/history`),
      ...told,
    }),
  calendar: (dagId: string, year: number, zone: string) =>
    queryOptions({
      queryKey: ["dag", dagId, "calendar", year, zone],
      queryFn: get<CalendarReply>(withQuery(path`/api/v1/dags/${dagId}/calendar`, { year, zone })),
      placeholderData: keepPreviousData,
      staleTime: 30_000,
    }),
  tasks: (filter: { dagId?: string | undefined; state?: string | undefined }) =>
    queryOptions({
      queryKey: ["tasks", filter],
      queryFn: get<LiveTaskListReply>(withQuery("/api/v1/overview/tasks", filter)),
      placeholderData: keepPreviousData,
      ...told,
    }),
  workers: () => queryOptions({ queryKey: ["workers"], queryFn: get<WorkerListReply>("/api/v1/workers"), ...untold }),
  pools: () => queryOptions({ queryKey: ["pools"], queryFn: get<z.infer<typeof PoolListReply>>("/api/v1/pools"), ...untold }),
  assets: () => queryOptions({ queryKey: ["assets"], queryFn: get<z.infer<typeof AssetListReply>>("/api/v1/assets"), ...untold }),
  backfills: () =>
    queryOptions({ queryKey: ["backfills"], queryFn: get<z.infer<typeof BackfillListReply>>("/api/v1/backfills"), ...told }),
  variables: () =>
    queryOptions({ queryKey: ["variables"], queryFn: get<z.infer<typeof VariableListReply>>("/api/v1/variables"), ...untold }),
  variable: (name: string) =>
    queryOptions({
      queryKey: ["variables", name],
      queryFn: get<z.infer<typeof VariableDetailReply>>(path`/api/v1/variables/${name}`),
    }),
};
