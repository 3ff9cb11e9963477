import "./table.css";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, useRef } from "react";
import type { Order } from "./order.ts";
import { useRowWindow } from "./row-window.ts";

export interface Column<Row> {
  id: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the right. */
  align?: "right" | undefined;
  /** CSS width; absent: as its content needs. */
  width?: string;
  /** Takes what is left and cuts its text. */
  grows?: boolean;
  /** Its head is a button that orders by it. */
  sortable?: boolean;
}

interface TableProps<Row> {
  /** What the rows are, for those who hear the page. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  order?: Order | undefined;
  onOrder?: (order: Order) => void;
  /** Rows that can be chosen, by their keys. */
  selection?: Selection | undefined;
  /** Height of every row in px; of a long table only those in view are drawn. Default 34. */
  rowHeight?: number;
  /** Of a row that stands out. */
  rowClass?: (row: Row) => string | undefined;
}

export interface Selection {
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
}

const ROW = 34;

/** A dense table. Order and selection are the caller's. */
export function Table<Row>({
  label,
  columns,
  rows,
  keyOf,
  order,
  onOrder,
  selection,
  rowHeight = ROW,
  rowClass,
}: TableProps<Row>) {
  const box = useRef<HTMLDivElement>(null);
  const shown = useRowWindow(rows.length, rowHeight, box);
  const keys = rows.map(keyOf);
  const isAll = selection !== undefined && keys.length > 0 && keys.every(key => selection.chosen.has(key));
  return (
    <div className="table-box" ref={box}>
      <table className="table" aria-label={label}>
        <thead>
          <tr>
            {selection !== undefined && (
              <th className="choose">
                <input
                  type="checkbox"
                  aria-label={`all ${label}`}
                  checked={isAll}
                  onChange={() => selection.onChange(new Set(isAll ? [] : keys))}
                />
              </th>
            )}
            {columns.map(column => (
              <Head key={column.id} column={column} order={order} onOrder={onOrder} />
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.above > 0 && <tr className="table-gap" style={{ height: shown.above }} />}
          {rows.slice(shown.from, shown.until).map((row, i) => {
            const key = keys[shown.from + i]!;
            return (
              <tr key={key} className={rowClass?.(row)} style={{ height: rowHeight }}>
                {selection !== undefined && <ChooseCell rowKey={key} selection={selection} />}
                {columns.map(({ id, cell, align, grows }) => (
                  <td key={id} className={`${align ?? ""}${grows ? " grows" : ""}`}>
                    {cell(row)}
                  </td>
                ))}
              </tr>
            );
          })}
          {shown.below > 0 && <tr className="table-gap" style={{ height: shown.below }} />}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps<Row> {
  column: Column<Row>;
  order: Order | undefined;
  onOrder: ((order: Order) => void) | undefined;
}

function Head<Row>({ column: { id, head, align, width, sortable }, order, onOrder }: HeadProps<Row>) {
  const isOrdered = order?.by === id;
  const Arrow = order?.down ? ArrowDown : ArrowUp;
  const style = width === undefined ? undefined : { width, minWidth: width };
  if (!sortable || onOrder === undefined) {
    return (
      <th className={align} style={style} scope="col">
        {head}
      </th>
    );
  }
  return (
    <th className={align} style={style} scope="col" aria-sort={isOrdered ? (order?.down ? "descending" : "ascending") : "none"}>
      <button type="button" className="sort" onClick={() => onOrder({ by: id, down: isOrdered ? !order?.down : false })}>
        {head}
        {isOrdered && <Arrow size={12} aria-hidden="true" />}
      </button>
    </th>
  );
}

function ChooseCell({ rowKey, selection: { chosen, onChange } }: { rowKey: string; selection: Selection }) {
  const toggle = (): void => {
    const next = new Set(chosen);
    if (!next.delete(rowKey)) next.add(rowKey);
    onChange(next);
  };
  return (
    <td className="choose">
      <input type="checkbox" aria-label={rowKey} checked={chosen.has(rowKey)} onChange={toggle} />
    </td>
  );
}
