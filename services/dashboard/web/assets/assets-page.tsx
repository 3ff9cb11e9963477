import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Archive, Bell } from "lucide-react";
import type { AssetReply } from "#contract/asset.ts";
import type { Act } from "../acts/act.ts";
import { ActMenu } from "../acts/act-menu.tsx";
import { opened } from "../acts/opened.ts";
import { ask } from "../api/ask.ts";
import { queries } from "../api/queries.ts";
import { Ago } from "../ui/instant.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { Page } from "../ui/page.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { type Column, Table } from "../ui/table.tsx";

const TELL: Act<AssetReply> = {
  id: "tell",
  label: "Tell of an update",
  icon: Bell,
  refusal: () => undefined,
  about: "DAGs that are scheduled on the asset start as if one of our tasks had updated it.",
  carryOut: async ({ asset }) => {
    await ask("/api/v1/assets/events", { body: { asset, id: crypto.randomUUID() } });
    return "update told";
  },
};

/** Data that DAGs make and wait for. */
export function AssetsPage() {
  const assets = useQuery(queries.assets());
  return (
    <Page title="Assets" name="Assets" about="Data that tasks update and that DAGs are scheduled on">
      <Panel flush>
        <QueryView query={assets} what="the assets">
          {({ assets: all }) =>
            all.length === 0 ? (
              <EmptyState icon={Archive} title="No asset was updated yet">
                A task with <code>outlets: [asset("file://totals")]</code> updates one, and a DAG with{" "}
                <code>schedule: asset("file://totals")</code> starts then. Programs outside tell with{" "}
                <code>POST /api/v1/assets/events</code>.
              </EmptyState>
            ) : (
              <Table label="assets" columns={COLUMNS} rows={all} keyOf={({ asset }) => asset} />
            )
          }
        </QueryView>
      </Panel>
    </Page>
  );
}

const COLUMNS: readonly Column<AssetReply>[] = [
  { id: "asset", head: "Asset", grows: true, cell: ({ asset }) => <span className="strong mono">{asset}</span> },
  { id: "at", head: "Updated", cell: ({ updatedAt }) => <Ago at={updatedAt} /> },
  {
    id: "by",
    head: "By",
    cell: ({ runId, taskId, by }) =>
      runId === undefined ? (
        by
      ) : (
        <Link to="/runs/$runId" params={{ runId }} search={{ task: taskId }} className="nowrap">
          {taskId === undefined ? runId : `${taskId} of ${runId}`}
        </Link>
      ),
  },
  {
    id: "extra",
    head: "Told along",
    cell: ({ extra }) => extra !== undefined && <code className="small">{JSON.stringify(extra).slice(0, 80)}</code>,
  },
  {
    id: "acts",
    head: <span className="spoken">Actions</span>,
    width: "40px",
    align: "right",
    cell: asset => (
      <ActMenu
        small
        acts={[TELL]}
        subjects={[asset]}
        onAct={act => opened.set({ kind: "act", act: act as Act<unknown>, subjects: [{ subject: asset, name: asset.asset }] })}
      />
    ),
  },
];
