import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { GridReply } from "#contract/grid.ts";
import { unpackCells } from "#contract/grid-cells.ts";
import { ask, path, withQuery } from "../api/ask.ts";
import { isFollowed } from "../live/live-events.ts";

export interface Grid extends Omit<GridReply, "tasks"> {
  tasks: NonNullable<GridReply["tasks"]>;
}

/** Rows that were sent once are not sent again. */
const known = new Map<string, Grid>();

/** A DAG's last runs by its tasks. Each run's `cells` are unpacked: one letter for each task. */
export const gridQuery = (dagId: string, runs: number) =>
  queryOptions({
    queryKey: ["dag", dagId, "grid", runs],
    queryFn: async ({ signal }): Promise<Grid> => {
      const before = known.get(dagId);
      const url = withQuery(path`/api/v1/dags/${dagId}/grid`, { runs, rows: before?.rows });
      const reply = await ask<GridReply>(url, { signal });
      const grid = {
        ...reply,
        tasks: reply.tasks ?? before!.tasks,
        runs: reply.runs.map(run => ({ ...run, cells: unpackCells(run.cells) })),
      };
      known.set(dagId, grid);
      return grid;
    },
    placeholderData: keepPreviousData,
    refetchInterval: () => (isFollowed() ? 30_000 : 2_000),
  });
