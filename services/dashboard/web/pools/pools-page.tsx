import { useQuery } from "@tanstack/react-query";
import { Layers, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { PoolReply } from "#contract/pool.ts";
import type { Act } from "../acts/act.ts";
import { opened } from "../acts/opened.ts";
import { ask, path } from "../api/ask.ts";
import { queries } from "../api/queries.ts";
import { useMay } from "../live/me.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Page } from "../ui/page.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { type Column, Table } from "../ui/table.tsx";
import { PoolDialog } from "./pool-dialog.tsx";

/** Pools limit how many tasks run at once, whatever DAG they belong to. */
export function PoolsPage() {
  const pools = useQuery(queries.pools());
  const [edited, setEdited] = useState<Partial<PoolReply>>();
  const mayAct = useMay("admin");
  const columns = mayAct ? [...COLUMNS, actsColumn(setEdited)] : COLUMNS;
  return (
    <Page
      title="Pools"
      name="Pools"
      about="Slots that tasks share, whatever DAG they belong to"
      acts={
        mayAct && (
          <Button icon={Plus} onClick={() => setEdited({})}>
            New pool …
          </Button>
        )
      }
    >
      <Panel flush>
        <QueryView query={pools} what="the pools">
          {({ pools: all }) =>
            all.length === 0 ? (
              <EmptyState icon={Layers} title="No pool is set up">
                Tasks run in the pool <code>default</code>, which has no limit. A pool with slots limits how many tasks that name
                it run at once: <code>pool: "warehouse"</code>.
              </EmptyState>
            ) : (
              <Table label="pools" columns={columns} rows={all} keyOf={({ name }) => name} />
            )
          }
        </QueryView>
      </Panel>
      {edited !== undefined && <PoolDialog pool={edited} onClose={() => setEdited(undefined)} />}
    </Page>
  );
}

const COLUMNS: readonly Column<PoolReply>[] = [
  {
    id: "name",
    head: "Pool",
    grows: true,
    cell: ({ name, description }) => (
      <>
        <span className="strong">{name}</span> <span className="quiet">{description}</span>
      </>
    ),
  },
  {
    id: "use",
    head: "Slots in use",
    cell: ({ occupied, slots }) =>
      slots === undefined ? (
        <span className="number">{occupied}, no limit</span>
      ) : (
        <span className="row">
          <progress className="bar" value={occupied} max={Math.max(slots, 1)} aria-label={`${occupied} of ${slots} slots`} />
          <span className={`number nowrap ${occupied >= slots ? "strong" : ""}`}>
            {occupied} of {slots}
          </span>
        </span>
      ),
  },
  { id: "running", head: "Running", align: "right", cell: ({ running }) => running },
  { id: "queued", head: "Queued", align: "right", cell: ({ queued }) => queued },
  { id: "waiting", head: "Waiting for a slot", align: "right", cell: ({ waiting }) => waiting },
  {
    id: "deferred",
    head: "Waiting outside",
    align: "right",
    cell: ({ deferred, includeDeferred }) => `${deferred}${includeDeferred ? ", in slots" : ""}`,
  },
];

const REMOVE: Act<PoolReply> = {
  id: "remove",
  label: "Remove",
  icon: Trash2,
  isGrave: true,
  refusal: () => undefined,
  about: "Tasks that name it wait until there is such a pool again, or run without limit if it is the default one.",
  carryOut: async ({ name }) => {
    await ask(path`/api/v1/pools/${name}`, { method: "DELETE" });
    return "removed";
  },
};

const actsColumn = (edit: (pool: PoolReply) => void): Column<PoolReply> => ({
  id: "acts",
  head: <span className="spoken">Actions</span>,
  align: "right",
  cell: pool => (
    <span className="row">
      <Button kind="quiet" small icon={Pencil} tip={`Change ${pool.name}`} onClick={() => edit(pool)} />
      <Button
        kind="quiet"
        small
        icon={Trash2}
        tip={`Remove ${pool.name}`}
        onClick={() => opened.set({ kind: "act", act: REMOVE as Act<unknown>, subjects: [{ subject: pool, name: pool.name }] })}
      />
    </span>
  ),
});
