import { useInfiniteQuery } from "@tanstack/react-query";
import { History, SearchX } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import type { RunReply } from "#contract/run.ts";
import { ActMenu } from "../acts/act-menu.tsx";
import { askForRuns } from "../acts/opened.ts";
import { RUN_ACTS } from "../acts/run-acts.ts";
import { queries, type RunFilter } from "../api/queries.ts";
import { useMay } from "../live/me.ts";
import { Button } from "../ui/button.tsx";
import { EmptyState, ErrorState, LoadingState } from "../ui/notices.tsx";
import { Panel } from "../ui/panel.tsx";
import { Table } from "../ui/table.tsx";
import { runColumns } from "./run-columns.tsx";

interface RunListProps {
  filter: RunFilter;
  /** false: all are of one DAG. */
  showsDag?: boolean;
  toolbar?: ReactNode;
}

const PAGE = 100;
const BULK = [RUN_ACTS.clear, RUN_ACTS.cancel, RUN_ACTS.rerun, RUN_ACTS.markSuccess, RUN_ACTS.markFailed];
/** So many pages are read at most when all that match are chosen. */
const MOST_PAGES = 50;

/** Runs page by page; some or all that match can be chosen and acted upon together. */
export function RunList({ filter, showsDag = false, toolbar }: RunListProps) {
  const runs = useInfiniteQuery(queries.runPages({ ...filter, limit: PAGE }));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isReadingAll, setReadingAll] = useState(false);
  const mayAct = useMay("operator");
  const rows = useMemo(() => runs.data?.pages.flatMap(page => page.runs) ?? [], [runs.data]);
  const columns = useMemo(() => runColumns(showsDag), [showsDag]);
  const picked = rows.filter(({ id }) => chosen.has(id));

  const chooseAll = async (): Promise<void> => {
    setReadingAll(true);
    let result = await runs.refetch();
    for (let pages = 0; pages < MOST_PAGES; pages++) {
      const next = await runs.fetchNextPage();
      result = next;
      if (!next.hasNextPage) break;
    }
    setChosen(new Set(result.data?.pages.flatMap(page => page.runs.map(({ id }) => id)) ?? []));
    setReadingAll(false);
  };

  return (
    <>
      <div className="toolbar">
        {toolbar}
        {picked.length > 0 && (
          <span className="row toolbar-end">
            <span className="small strong" role="status">
              {picked.length} selected
            </span>
            {runs.hasNextPage && (
              <Button small kind="quiet" disabled={isReadingAll} onClick={() => void chooseAll()}>
                {isReadingAll ? "Reading …" : "Select all that match"}
              </Button>
            )}
            <ActMenu
              small
              label="Act on them"
              acts={BULK}
              subjects={picked.map(subjectOf)}
              onAct={act => askForRuns(act, picked.map(subjectOf))}
            />
          </span>
        )}
      </div>
      <Panel flush>
        {runs.data === undefined ? (
          runs.error === null ? (
            <LoadingState what="the runs" />
          ) : (
            <ErrorState error={runs.error} onRetry={() => void runs.refetch()} />
          )
        ) : rows.length === 0 ? (
          <NoRuns isFiltered={filter.state !== undefined || filter.dagId !== undefined} />
        ) : (
          <Table
            label="runs"
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
            selection={mayAct ? { chosen, onChange: setChosen } : undefined}
          />
        )}
        {runs.hasNextPage && (
          <button type="button" className="more" disabled={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
            {runs.isFetchingNextPage ? "Reading …" : `Show ${PAGE} more`}
          </button>
        )}
      </Panel>
    </>
  );
}

const subjectOf = ({ id, state }: RunReply) => ({ runId: id, state });

const NoRuns = ({ isFiltered }: { isFiltered: boolean }) =>
  isFiltered ? (
    <EmptyState icon={SearchX} title="No run fits these filters">
      Choose another state or DAG.
    </EmptyState>
  ) : (
    <EmptyState icon={History} title="Nothing has run yet">
      Trigger a DAG from the list, with <kbd>Ctrl K</kbd>, or from a program: <code>POST /api/v1/dags/ID/runs</code>.
    </EmptyState>
  );
