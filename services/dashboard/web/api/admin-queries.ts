import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { ask, withQuery } from "./ask.ts";

/** Who asked for what: an entry of the audit. */
export interface AuditEntry {
  id: string;
  at: string;
  who: string;
  from: string;
  /** Method and pattern of the route, "board.retry", "login", … */
  what: string;
  target: string;
  status: number;
  before?: unknown;
  after?: unknown;
  requestId: string;
}

interface AuditPage {
  entries: AuditEntry[];
  links: { next?: string };
}

export interface ApiToken {
  id: string;
  name: string;
  by: string;
  grants: { role: string; dags?: unknown }[];
  createdAt: string;
  expiresAt?: string;
  lastUsedAt?: string;
}

export interface Setting {
  name: string;
  value?: string;
  origin: "env" | "file" | "default" | "unset";
  secret: boolean;
  description?: string;
}

/** Reads of what only some servers have, or only administrators may see. */
export const adminQueries = {
  audit: (filter: { who?: string | undefined; what?: string | undefined; target?: string | undefined }) =>
    infiniteQueryOptions({
      queryKey: ["audit", filter],
      queryFn: ({ pageParam, signal }) => ask<AuditPage>(pageParam, { signal }),
      initialPageParam: withQuery("/api/v1/audit", filter),
      getNextPageParam: ({ links }: AuditPage) => links.next,
    }),
  tokens: () =>
    queryOptions({ queryKey: ["tokens"], queryFn: ({ signal }) => ask<{ tokens: ApiToken[] }>("/api/v1/tokens", { signal }) }),
  settings: () =>
    queryOptions({ queryKey: ["settings"], queryFn: ({ signal }) => ask<{ settings: Setting[] }>("/api/v1/config", { signal }) }),
};
