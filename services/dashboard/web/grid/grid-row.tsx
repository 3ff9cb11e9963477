import { ChevronDown, ChevronRight } from "lucide-react";
import { memo } from "react";
import { NO_CELL } from "#contract/grid-cells.ts";
import type { Grid } from "./grid-query.ts";
import { COLUMN } from "./grid-size.ts";
import type { GridLine } from "./grid-tree.ts";
import { worstCell } from "./worst-cell.ts";

interface GridRowProps {
  line: GridLine;
  row: number;
  top: number;
  /** Those that are seen. */
  runs: Grid["runs"];
  /** The column of the first of them. */
  first: number;
  /** The keyboard is in this row. */
  activeColumn: number | undefined;
  onToggle: (group: string) => void;
}

/** One task, or one group, in every run: a cell is one element, its look is in grid.css. */
export const GridRow = memo(
  function GridRow({ line, row, top, runs, first, activeColumn, onToggle }: GridRowProps) {
    return (
      <div className="grid-row" role="row" aria-rowindex={row + 1} style={{ transform: `translateY(${top}px)` }}>
        <span className="grid-name" role="rowheader" style={{ paddingLeft: 12 + line.depth * 16 }}>
          {line.kind === "group" ? <GroupName line={line} onToggle={onToggle} /> : <TaskName line={line} />}
        </span>
        {runs.map((run, i) => {
          const cell = line.kind === "task" ? (run.cells[line.place] ?? NO_CELL) : worstCell(run.cells, line.places);
          const letter = cell.toLowerCase();
          const column = first + i;
          return (
            <span
              key={run.id}
              id={`cell-${row}-${column}`}
              role="gridcell"
              className={`cell cell-${letter === NO_CELL ? "absent" : letter}${cell !== letter ? " retried" : ""}${column === activeColumn ? " active" : ""}`}
              data-cell={`${row}-${column}`}
              style={{ left: `calc(var(--grid-name) + ${column * COLUMN}px)` }}
            />
          );
        })}
      </div>
    );
  },
  (a, b) =>
    a.top === b.top &&
    a.row === b.row &&
    a.runs === b.runs &&
    a.first === b.first &&
    a.activeColumn === b.activeColumn &&
    isSameLine(a.line, b.line),
);

const isSameLine = (a: GridLine, b: GridLine): boolean =>
  a.kind === b.kind &&
  a.id === b.id &&
  (a.kind === "task" || (b.kind === "group" && a.isOpen === b.isOpen && a.places.length === b.places.length));

function GroupName({ line, onToggle }: { line: Extract<GridLine, { kind: "group" }>; onToggle: (group: string) => void }) {
  const Icon = line.isOpen ? ChevronDown : ChevronRight;
  return (
    <button type="button" className="grid-group" aria-expanded={line.isOpen} onClick={() => onToggle(line.id)}>
      <Icon size={14} aria-hidden="true" />
      <span className="cut">{line.name}</span>
      <span className="grid-size number">{line.places.length}</span>
    </button>
  );
}

const TaskName = ({ line: { name, id, task } }: { line: Extract<GridLine, { kind: "task" }> }) => (
  <span className={`cut${task.removed ? " removed" : ""}`} title={task.removed ? `${id}: not in the newest version` : id}>
    {name}
    {task.mapped && <span className="grid-size">×n</span>}
  </span>
);
