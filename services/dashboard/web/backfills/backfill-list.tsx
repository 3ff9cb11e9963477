import { useQuery } from "@tanstack/react-query";
import { CalendarRange } from "lucide-react";
import { queries } from "../api/queries.ts";
import { EmptyState } from "../ui/notices.tsx";
import { Panel } from "../ui/panel.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { Table } from "../ui/table.tsx";
import { backfillColumns } from "./backfill-columns.tsx";

/** Backfills, the newest first. @param dagId only of this DAG */
export function BackfillList({ dagId }: { dagId?: string }) {
  const backfills = useQuery(queries.backfills());
  return (
    <Panel flush>
      <QueryView query={backfills} what="the backfills">
        {({ backfills: all }) => {
          const shown = dagId === undefined ? all : all.filter(backfill => backfill.dagId === dagId);
          if (shown.length === 0) {
            return (
              <EmptyState icon={CalendarRange} title="No backfill yet">
                A backfill runs a DAG for the ticks of its schedule that lie in the past: from the arrow beside a DAG's Trigger
                button, after a look at its plan.
              </EmptyState>
            );
          }
          return <Table label="backfills" columns={backfillColumns(dagId === undefined)} rows={shown} keyOf={({ id }) => id} />;
        }}
      </QueryView>
    </Panel>
  );
}
