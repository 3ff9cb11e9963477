import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Braces, History, Pencil, Plus, Search, SearchX, Trash2 } from "lucide-react";
import { useState } from "react";
import type { VariableReply } from "#contract/variable.ts";
import type { Act } from "../acts/act.ts";
import { opened } from "../acts/opened.ts";
import { ask, path } from "../api/ask.ts";
import { queries } from "../api/queries.ts";
import { useMay } from "../live/me.ts";
import { Button } from "../ui/button.tsx";
import { SearchBox } from "../ui/field.tsx";
import { Ago } from "../ui/instant.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Page } from "../ui/page.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { VariableDialog } from "./variable-dialog.tsx";
import { VariableVersions } from "./variable-versions.tsx";

const route = getRouteApi("/variables");
type Shown = { kind: "edit"; variable: Partial<VariableReply> } | { kind: "versions"; name: string };

/** Values that tasks can name. They are no secrets. */
export function VariablesPage() {
  const { q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const variables = useQuery(queries.variables());
  const [shown, setShown] = useState<Shown>();
  const mayAct = useMay("admin");
  const close = (): void => setShown(undefined);
  return (
    <Page
      title="Variables"
      name="Variables"
      about="Values that tasks can name. They are readable for everybody: secrets belong into Kubernetes"
      acts={
        mayAct && (
          <Button icon={Plus} onClick={() => setShown({ kind: "edit", variable: {} })}>
            New variable …
          </Button>
        )
      }
    >
      <div className="toolbar">
        <SearchBox
          icon={Search}
          label="Name or value"
          value={q}
          onChange={text => void navigate({ search: { q: text || undefined }, replace: true })}
        />
      </div>
      <Panel flush>
        <QueryView query={variables} what="the variables">
          {({ variables: all }) => {
            const found = all.filter(({ name, value }) =>
              `${name} ${JSON.stringify(value)}`.toLowerCase().includes(q.toLowerCase()),
            );
            if (all.length === 0) {
              return (
                <EmptyState icon={Braces} title="No variable yet">
                  A task reads one as <code>{'variable("name")'}</code> in a DAG file: what changes without a new version of the
                  DAG.
                </EmptyState>
              );
            }
            if (found.length === 0) return <EmptyState icon={SearchX} title="No variable fits" />;
            return <Table label="variables" columns={columns(mayAct, setShown)} rows={found} keyOf={({ name }) => name} />;
          }}
        </QueryView>
      </Panel>
      {shown?.kind === "edit" && <VariableDialog variable={shown.variable} onClose={close} />}
      {shown?.kind === "versions" && <VariableVersions name={shown.name} onClose={close} />}
    </Page>
  );
}

const REMOVE: Act<VariableReply> = {
  id: "remove",
  label: "Remove",
  icon: Trash2,
  isGrave: true,
  refusal: () => undefined,
  about: "Tasks that name it without a default fail from then on.",
  carryOut: async ({ name }) => {
    await ask(path`/api/v1/variables/${name}`, { method: "DELETE" });
    return "removed";
  },
};

const columns = (mayAct: boolean, show: (shown: Shown) => void): readonly Column<VariableReply>[] => [
  { id: "name", head: "Name", cell: ({ name }) => <span className="strong mono">{name}</span> },
  { id: "value", head: "Value", grows: true, cell: ({ value }) => <code>{JSON.stringify(value)}</code> },
  { id: "version", head: "Changed", align: "right", cell: ({ version }) => `${version}×` },
  { id: "at", head: "Last", cell: ({ at }) => <Ago at={at} /> },
  { id: "by", head: "By", cell: ({ by }) => <span className="quiet">{by}</span> },
  {
    id: "acts",
    head: <span className="spoken">Actions</span>,
    align: "right",
    cell: variable => (
      <span className="row">
        <Button
          kind="quiet"
          small
          icon={History}
          tip={`Earlier values of ${variable.name}`}
          onClick={() => show({ kind: "versions", name: variable.name })}
        />
        {mayAct && (
          <>
            <Button
              kind="quiet"
              small
              icon={Pencil}
              tip={`Change ${variable.name}`}
              onClick={() => show({ kind: "edit", variable })}
            />
            <Button
              kind="quiet"
              small
              icon={Trash2}
              tip={`Remove ${variable.name}`}
              onClick={() =>
                opened.set({ kind: "act", act: REMOVE as Act<unknown>, subjects: [{ subject: variable, name: variable.name }] })
              }
            />
          </>
        )}
      </span>
    ),
  },
];
