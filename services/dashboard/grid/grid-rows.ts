import type { GridReply } from "#contract/grid.ts";
import { cellOf, NO_CELL, packCells, unpackCells } from "#contract/grid-cells.ts";
import type { DagSpec } from "#core/dag-spec.ts";
import type { TaskCell } from "#state/cell-store.ts";

type Row = NonNullable<GridReply["tasks"]>[number];

/** The rows of a grid: the newest version's tasks, then those that only others have. */
export function gridRows(newest: Pick<DagSpec, "tasks">, others: Iterable<Pick<DagSpec, "tasks">>): Row[] {
  const rows = new Map<string, Row>();
  for (const { id, map } of newest.tasks) rows.set(id, map === undefined ? { id } : { id, mapped: true });
  for (const { tasks } of others) {
    for (const { id, map } of tasks)
      if (!rows.has(id)) rows.set(id, { id, ...(map === undefined ? {} : { mapped: true as const }), removed: true });
  }
  return [...rows.values()];
}

/** A run's tasks in the order of its own version. */
export const drawCells = ({ tasks }: Pick<DagSpec, "tasks">, cells: ReadonlyMap<string, TaskCell>): string =>
  packCells(tasks.map(({ id }) => cellOf(cells.get(id)?.state ?? "none", cells.get(id)?.try ?? 0)).join(""));

/** The same run in the order of the rows. */
export function inRows(packed: string, version: Pick<DagSpec, "tasks">, rows: readonly Row[]): string {
  const isSame = version.tasks.length === rows.length && version.tasks.every(({ id }, i) => id === rows[i]!.id);
  if (isSame) return packed;
  const cells = unpackCells(packed);
  const places = new Map(version.tasks.map(({ id }, place) => [id, place]));
  return packCells(rows.map(({ id }) => cells[places.get(id) ?? -1] ?? NO_CELL).join(""));
}
