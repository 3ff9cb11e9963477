import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Lock, Search, SearchX } from "lucide-react";
import { adminQueries, type Setting } from "../api/admin-queries.ts";
import { SearchBox } from "../ui/field.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Page } from "../ui/page.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { type Column, Table } from "../ui/table.tsx";

const route = getRouteApi("/settings");

/** What the dashboard was told, and by what. Read only: settings come from the environment. */
export function SettingsPage() {
  const { q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const settings = useQuery(adminQueries.settings());
  return (
    <Page
      title="Settings"
      name="Settings"
      about="Of the dashboard that answers, with where each value comes from. They are set in its environment"
    >
      <div className="toolbar">
        <SearchBox
          icon={Search}
          label="Name or meaning"
          value={q}
          onChange={text => void navigate({ search: { q: text || undefined }, replace: true })}
        />
      </div>
      <Panel flush>
        <QueryView query={settings} what="the settings">
          {({ settings: all }) => {
            const found = all.filter(({ name, description = "" }) =>
              `${name} ${description}`.toLowerCase().includes(q.toLowerCase()),
            );
            if (found.length === 0) return <EmptyState icon={SearchX} title="No setting fits" />;
            return <Table label="settings" columns={COLUMNS} rows={found} keyOf={({ name }) => name} />;
          }}
        </QueryView>
      </Panel>
    </Page>
  );
}

const ORIGINS: Readonly<Record<Setting["origin"], string>> = {
  env: "environment",
  file: "file",
  default: "default",
  unset: "not set",
};

const COLUMNS: readonly Column<Setting>[] = [
  { id: "name", head: "Setting", cell: ({ name }) => <code className="strong">{name}</code> },
  {
    id: "value",
    head: "Value",
    cell: ({ value, secret }) =>
      secret ? (
        <span className="quiet row">
          <Lock size={12} aria-hidden="true" /> hidden
        </span>
      ) : (
        <code>{value ?? ""}</code>
      ),
  },
  {
    id: "origin",
    head: "From",
    cell: ({ origin }) => <span className={origin === "env" || origin === "file" ? "strong" : "quiet"}>{ORIGINS[origin]}</span>,
  },
  {
    id: "about",
    head: "Meaning",
    grows: true,
    cell: ({ description }) => (
      <span className="quiet" data-tip={description}>
        {description}
      </span>
    ),
  },
];
