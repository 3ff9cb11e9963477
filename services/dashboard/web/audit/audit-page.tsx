import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { ScrollText, Search } from "lucide-react";
import { type AuditEntry, adminQueries } from "../api/admin-queries.ts";
import { SearchBox } from "../ui/field.tsx";
import { Instant } from "../ui/instant.tsx";
import { EmptyState, ErrorState, LoadingState } from "../ui/notices.tsx";
import { Page } from "../ui/page.tsx";
import { Panel } from "../ui/panel.tsx";
import { type Column, Table } from "../ui/table.tsx";

const route = getRouteApi("/audit");

/** Who asked for what, the youngest first: every write, also one that was refused, and every login. */
export function AuditPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const audit = useInfiniteQuery(adminQueries.audit(filter));
  const entries = audit.data?.pages.flatMap(page => page.entries);
  const set = (change: Partial<typeof filter>): void => void navigate({ search: old => ({ ...old, ...change }), replace: true });
  return (
    <Page title="Audit" name="Audit" about="Who asked for what: every write, also one that was refused, and every login">
      <div className="toolbar">
        <SearchBox icon={Search} label="Who" value={filter.who ?? ""} onChange={who => set({ who: who || undefined })} />
        <SearchBox
          icon={Search}
          label="What it was done to"
          value={filter.target ?? ""}
          onChange={target => set({ target: target || undefined })}
        />
      </div>
      <Panel flush>
        {entries === undefined ? (
          audit.error === null ? (
            <LoadingState what="the audit" />
          ) : (
            <ErrorState error={audit.error} onRetry={() => void audit.refetch()} />
          )
        ) : entries.length === 0 ? (
          <EmptyState icon={ScrollText} title="Nothing was done yet, or nothing fits">
            Triggers, clears, marks, changes of pools, variables and rights, and logins are written down here.
          </EmptyState>
        ) : (
          <Table label="entries" columns={COLUMNS} rows={entries} keyOf={({ id }) => id} rowHeight={38} />
        )}
        {audit.hasNextPage && (
          <button type="button" className="more" disabled={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
            Show more
          </button>
        )}
      </Panel>
    </Page>
  );
}

const REFUSED_FROM = 400;

const COLUMNS: readonly Column<AuditEntry>[] = [
  { id: "at", head: "When", width: "150px", cell: ({ at }) => <Instant at={at} /> },
  {
    id: "who",
    head: "Who",
    cell: ({ who, from }) => (
      <span className="strong" data-tip={`from ${from}`}>
        {who}
      </span>
    ),
  },
  { id: "what", head: "What", cell: ({ what }) => <code>{what.replace("/api/v1", "")}</code> },
  { id: "target", head: "To", cell: ({ target }) => target },
  { id: "change", head: "Change", grows: true, cell: ({ before, after }) => <Change before={before} after={after} /> },
  {
    id: "status",
    head: "Answer",
    align: "right",
    cell: ({ status, requestId }) => (
      <span className={status >= REFUSED_FROM ? "low" : "quiet"} data-tip={requestId}>
        {status >= REFUSED_FROM ? `refused, ${status}` : status}
      </span>
    ),
  },
];

const Change = ({ before, after }: Pick<AuditEntry, "before" | "after">) => (
  <code className="small quiet">
    {before !== undefined && `${JSON.stringify(before)} → `}
    {after !== undefined && JSON.stringify(after)}
  </code>
);
