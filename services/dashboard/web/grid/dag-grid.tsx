import "../run/run.css";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Grid3x3, Search } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Check, SearchBox } from "../ui/field.tsx";
import { EmptyState } from "../ui/notices.tsx";
import { QueryView } from "../ui/query-view.tsx";
import { type Grid, gridQuery } from "./grid-query.ts";
import { GridTable } from "./grid-table.tsx";
import { gridLines, isOpenAtFirst } from "./grid-tree.ts";

const route = getRouteApi("/dags/$dagId");
const PAGE = 25;
const MOST = 100;
const FAILED = new Set(["f", "u", "y"]);

/** Runs by tasks: which task failed, in which runs, how often. */
export function DagGrid({ dagId }: { dagId: string }) {
  const [runs, setRuns] = useState(PAGE);
  const query = useQuery(gridQuery(dagId, runs));
  return (
    <QueryView query={query} what="the grid">
      {grid =>
        grid.runs.length === 0 ? (
          <EmptyState icon={Grid3x3} title="It has not run yet">
            Trigger it, or wait for its schedule: each run becomes a column here, each task a row.
          </EmptyState>
        ) : (
          <Known grid={grid} onOlder={grid.links.next === undefined || runs >= MOST ? undefined : () => setRuns(runs + PAGE)} />
        )
      }
    </QueryView>
  );
}

function Known({ grid, onOlder }: { grid: Grid; onOlder: (() => void) | undefined }) {
  const { q = "", open = "", state } = route.useSearch();
  const navigate = route.useNavigate();
  // Named are those that are not as they are at first.
  const turned = new Set(open.split(",").filter(name => name !== ""));
  const atFirst = isOpenAtFirst(grid.tasks.length);
  const words = q.toLowerCase();
  const failedOnly = state === "failed";
  const lines = gridLines(grid.tasks, {
    isOpen: group => turned.has(group) !== atFirst || words !== "",
    isShown: ({ id }, place) =>
      id.toLowerCase().includes(words) &&
      (!failedOnly || grid.runs.some(({ cells }) => FAILED.has((cells[place] ?? "").toLowerCase()))),
  });
  const set = (view: { q?: string | undefined; open?: string | undefined; state?: "failed" | undefined }): void =>
    void navigate({ search: before => ({ ...before, ...view }), replace: true });
  const toggle = (group: string): void => {
    if (!turned.delete(group)) turned.add(group);
    set({ open: [...turned].join(",") || undefined });
  };
  return (
    <div className="grid-tab fill">
      <div className="toolbar">
        <SearchBox label="Find tasks" icon={Search} value={q} onChange={text => set({ q: text || undefined })} />
        <Check label="Only tasks that failed" checked={failedOnly} onChange={on => set({ state: on ? "failed" : undefined })} />
        <span className="quiet small number">
          {grid.tasks.length.toLocaleString("en")} tasks × {grid.runs.length} runs
        </span>
        {onOlder !== undefined && (
          <Button small onClick={onOlder}>
            {PAGE} older runs
          </Button>
        )}
      </div>
      <GridTable grid={grid} lines={lines} onToggle={toggle} />
    </div>
  );
}
