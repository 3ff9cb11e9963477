import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { ManifestReply } from "#contract/manifest.ts";
import type { TaskReply } from "#contract/run.ts";
import type { InstancesReply, TaskRunsReply } from "#contract/task-runs.ts";
import type { WhyReply } from "#contract/why.ts";
import { ask, path, withQuery } from "../api/ask.ts";
import { isFollowed } from "../live/live-events.ts";

const told = { refetchInterval: () => (isFollowed() ? 30_000 : 2_000) };
const never = { staleTime: Number.POSITIVE_INFINITY };

const get =
  <Reply>(url: string) =>
  ({ signal }: { signal: AbortSignal }): Promise<Reply> =>
    ask<Reply>(url, { signal });

/** Which instances of a mapped task are looked at. */
export interface InstanceFilter {
  state?: string | undefined;
  offset: number;
  limit: number;
}

/** What the API knows of one task of a run. The names under which it is kept begin as the run's do. */
export const taskQueries = {
  task: (runId: string, taskId: string) =>
    queryOptions({
      queryKey: ["run", runId, "task", taskId],
      queryFn: get<TaskReply>(path`/api/v1/runs/${runId}/tasks/${taskId}`),
      ...told,
    }),
  why: (runId: string, taskId: string) =>
    queryOptions({
      queryKey: ["run", runId, "why", taskId],
      queryFn: get<WhyReply>(path`/api/v1/runs/${runId}/tasks/${taskId}/why`),
      refetchInterval: 5_000,
    }),
  manifest: (runId: string, taskId: string) =>
    queryOptions({
      queryKey: ["run", runId, "manifest", taskId],
      queryFn: get<ManifestReply>(path`/api/v1/runs/${runId}/tasks/${taskId}/manifest`),
      ...never,
    }),
  instances: (runId: string, taskId: string, filter: InstanceFilter) =>
    queryOptions({
      queryKey: ["run", runId, "instances", taskId, filter],
      queryFn: get<InstancesReply>(withQuery(path`/api/v1/runs/${runId}/tasks/${taskId}/instances`, { ...filter })),
      placeholderData: keepPreviousData,
      ...told,
    }),
  earlier: (dagId: string, taskId: string) =>
    queryOptions({
      queryKey: ["dag", dagId, "task-runs", taskId],
      queryFn: get<TaskRunsReply>(path`/api/v1/dags/${dagId}/tasks/${taskId}/runs`),
      ...told,
    }),
};
