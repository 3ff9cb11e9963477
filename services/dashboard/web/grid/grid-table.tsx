import "./grid.css";
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import { readCell } from "#contract/grid-cells.ts";
import { lookOf } from "../ui/state-look.ts";
import { GridHead } from "./grid-head.tsx";
import type { Grid } from "./grid-query.ts";
import { GridRow } from "./grid-row.tsx";
import { COLUMN, HEAD, ROW } from "./grid-size.ts";
import type { GridLine } from "./grid-tree.ts";
import { worstCell } from "./worst-cell.ts";

interface GridTableProps {
  grid: Grid;
  lines: readonly GridLine[];
  onToggle: (group: string) => void;
}

interface Place {
  row: number;
  column: number;
}

/**
 * The grid itself: only what is seen of it is there. The newest run stands at the left, beside the names. Arrow keys go from cell to cell, Enter
 * opens one.
 */
export function GridTable({ grid, lines, onToggle }: GridTableProps) {
  const box = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const [active, setActive] = useState<Place>({ row: 0, column: 0 });
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    overscan: 6,
    paddingStart: HEAD,
  });
  const { runs } = grid;
  const [first, last] = useColumns(box, runs.length);
  const shown = useMemo(() => runs.slice(first, last), [runs, first, last]);

  const cellAt = ({ row, column }: Place): string => {
    const line = lines[row];
    const run = runs[column];
    if (line === undefined || run === undefined) return "";
    return line.kind === "task" ? (run.cells[line.place] ?? "") : worstCell(run.cells, line.places);
  };
  const say = (place: Place): string => {
    const line = lines[place.row];
    const run = runs[place.column];
    if (line === undefined || run === undefined) return "";
    const cell = readCell(cellAt(place));
    const state =
      cell === undefined ? "not in this version" : `${lookOf(cell.state).label}${cell.retried ? ", more than one try" : ""}`;
    return `${line.id}${line.kind === "group" ? ` (${line.places.length} tasks)` : ""}\n${state}\n${run.id}`;
  };
  const open = ({ row, column }: Place): void => {
    const line = lines[row];
    const run = runs[column];
    if (line === undefined || run === undefined) return;
    if (line.kind === "group") onToggle(line.id);
    else void navigate({ to: "/runs/$runId", params: { runId: run.id }, search: { task: line.id } });
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Enter") return open(active);
    const step = MOVES[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const row = Math.min(Math.max(0, active.row + step[0]), lines.length - 1);
    const column = Math.min(Math.max(0, active.column + step[1]), runs.length - 1);
    setActive({ row, column });
    rows.scrollToIndex(row, { align: "auto" });
  };
  const onPoint = (event: MouseEvent): void => {
    const cell = (event.target as Element).closest<HTMLElement>("[data-cell]");
    if (cell !== null) cell.dataset.tip = say(placeOf(cell));
  };
  return (
    <>
      <div
        ref={box}
        className="grid-box"
        role="grid"
        tabIndex={0}
        aria-label="Runs by tasks"
        aria-rowcount={lines.length}
        aria-colcount={runs.length}
        aria-activedescendant={`cell-${active.row}-${active.column}`}
        onKeyDown={onKey}
        onPointerOver={onPoint}
        onClick={event => {
          const cell = (event.target as Element).closest<HTMLElement>("[data-cell]");
          if (cell === null) return;
          setActive(placeOf(cell));
          open(placeOf(cell));
        }}
      >
        <GridHead runs={shown} first={first} />
        <div
          className="grid-body"
          style={{ height: rows.getTotalSize() - HEAD, width: `calc(var(--grid-name) + ${runs.length * COLUMN}px)` }}
        >
          {rows.getVirtualItems().map(item => (
            <GridRow
              key={lines[item.index]!.kind + lines[item.index]!.id}
              line={lines[item.index]!}
              row={item.index}
              top={item.start - HEAD}
              runs={shown}
              first={first}
              activeColumn={active.row === item.index ? active.column : undefined}
              onToggle={onToggle}
            />
          ))}
        </div>
      </div>
      <p className="spoken" role="status">
        {say(active)}
      </p>
    </>
  );
}

const MOVES: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  PageDown: [20, 0],
  PageUp: [-20, 0],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

function placeOf(cell: HTMLElement): Place {
  const [row = 0, column = 0] = (cell.dataset.cell ?? "").split("-").map(Number);
  return { row, column };
}

/** The columns that are seen, and some beside them. */
function useColumns(box: React.RefObject<HTMLDivElement | null>, count: number): [first: number, last: number] {
  const columns = useVirtualizer({
    horizontal: true,
    count,
    getScrollElement: () => box.current,
    estimateSize: () => COLUMN,
    overscan: 8,
  });
  const items = columns.getVirtualItems();
  // Until the box is measured nothing is known to be seen.
  const [measured, setMeasured] = useState(false);
  useLayoutEffect(() => setMeasured(true), []);
  return measured && items.length > 0 ? [items[0]!.index, items.at(-1)!.index + 1] : [0, Math.min(count, 30)];
}
