import { queryOptions } from "@tanstack/react-query";
import type { LayoutReply } from "#contract/layout.ts";
import { ask, path } from "../api/ask.ts";

/** A version never changes, and so does its drawing. */
export const layoutQuery = (dagId: string, version: string) =>
  queryOptions({
    queryKey: ["layout", dagId, version],
    queryFn: ({ signal }) => ask<LayoutReply>(path`/api/v1/dags/${dagId}/versions/${version}/layout`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });
