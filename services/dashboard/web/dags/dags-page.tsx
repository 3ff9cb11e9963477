import "./dags.css";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { FilePlus2, Pause, Play, Search, SearchX } from "lucide-react";
import { useState } from "react";
import type { DagLineReply } from "#contract/dag-line.ts";
import { queries } from "../api/queries.ts";
import { useMay } from "../live/me.ts";
import { RUN_STATES } from "../runs/run-states.ts";
import { Button } from "../ui/button.tsx";
import { SearchBox, Select } from "../ui/field.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Page } from "../ui/page.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { lookOf } from "../ui/state-look.ts";
import { Table } from "../ui/table.tsx";
import { DAG_COLUMNS } from "./dag-columns.tsx";
import { filterDags, orderDags } from "./dag-filter.ts";
import { setPaused } from "./set-paused.ts";

const route = getRouteApi("/dags");
const ROW_PX = 44;

/** All DAGs: how they do, when they run next; pause and trigger them. Filters and order lie in the address. */
export function DagsPage() {
  const search = route.useSearch();
  const dags = useQuery(queries.dagLines(search.show === "removed"));
  return (
    <Page title="DAGs" name="DAGs">
      <QueryView query={dags} what="the DAGs">
        {({ dags: all }) => (all.length === 0 && search.show === undefined ? <NoDags /> : <DagList all={all} />)}
      </QueryView>
    </Page>
  );
}

const NoDags = () => (
  <Panel>
    <EmptyState icon={FilePlus2} title="No DAG has been loaded yet">
      Put a file such as <code>dags/hello.ts</code> into the DAG folder; it shows here within a second of being saved. The folder{" "}
      <code>dags/</code> of the repository has examples to copy.
    </EmptyState>
  </Panel>
);

function DagList({ all }: { all: readonly DagLineReply[] }) {
  const { by, down, ...filter } = route.useSearch();
  const navigate = route.useNavigate();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const mayAct = useMay("operator");
  const order = by === undefined ? undefined : { by, down: down === true };
  const shown = orderDags(filterDags(all, filter), order);
  const set = (change: Partial<typeof filter>): void => {
    void navigate({ search: old => ({ ...old, ...change }), replace: true });
  };
  const pick = [...chosen].filter(id => shown.some(dag => dag.id === id));
  return (
    <>
      <div className="toolbar">
        <SearchBox icon={Search} label="Name, tag, owner" value={filter.q ?? ""} onChange={q => set({ q: q || undefined })} />
        <Select
          aria-label="Last run"
          value={filter.state ?? ""}
          choices={[
            { value: "", label: "Any last run" },
            ...RUN_STATES.map(state => ({ value: state, label: `Last run ${lookOf(state).label}` })),
          ]}
          onChange={event => set({ state: RUN_STATES.find(state => state === event.target.value) })}
        />
        <Select
          aria-label="Which DAGs"
          value={filter.show ?? ""}
          choices={[
            { value: "", label: "Active and paused" },
            { value: "active", label: "Active" },
            { value: "paused", label: "Paused" },
            { value: "removed", label: "File deleted" },
          ]}
          onChange={event => set({ show: (["active", "paused", "removed"] as const).find(show => show === event.target.value) })}
        />
        <NameFilter label="tag" all={all.flatMap(({ tags }) => tags)} value={filter.tag} onChange={tag => set({ tag })} />
        <NameFilter
          label="owner"
          all={all.flatMap(({ owner }) => owner ?? [])}
          value={filter.owner}
          onChange={owner => set({ owner })}
        />
        <span className="quiet small" role="status">
          {shown.length === all.length ? `${all.length} DAGs` : `${shown.length} of ${all.length}`}
        </span>
        {pick.length > 0 && (
          <span className="row toolbar-end">
            <span className="small strong">{pick.length} selected</span>
            <Button small icon={Pause} onClick={() => void setPaused(pick, true)}>
              Pause
            </Button>
            <Button small icon={Play} onClick={() => void setPaused(pick, false)}>
              Unpause
            </Button>
          </span>
        )}
      </div>
      <Panel flush>
        {shown.length === 0 ? (
          <EmptyState icon={SearchX} title="No DAG fits these filters">
            <Button onClick={() => void navigate({ search: {} })}>Remove the filters</Button>
          </EmptyState>
        ) : (
          <Table
            label="DAGs"
            columns={DAG_COLUMNS}
            rows={shown}
            keyOf={({ id }) => id}
            rowHeight={ROW_PX}
            order={order}
            onOrder={next =>
              void navigate({ search: old => ({ ...old, by: next.by, down: next.down || undefined }), replace: true })
            }
            selection={mayAct ? { chosen, onChange: setChosen } : undefined}
            rowClass={({ paused, removedAt }) => (paused || removedAt !== undefined ? "is-paused" : undefined)}
          />
        )}
      </Panel>
    </>
  );
}

interface NameFilterProps {
  label: string;
  /** With repetitions. */
  all: readonly string[];
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

function NameFilter({ label, all, value, onChange }: NameFilterProps) {
  const names = [...new Set(all)].sort();
  if (names.length === 0) return null;
  return (
    <Select
      aria-label={label}
      value={value ?? ""}
      choices={[{ value: "", label: `Any ${label}` }, ...names.map(name => ({ value: name, label: name }))]}
      onChange={event => onChange(event.target.value || undefined)}
    />
  );
}
