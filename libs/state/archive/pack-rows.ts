import type { JsonValue } from "#core/result.ts";
import type { Breathe } from "./breather.ts";
import { type Column, isWhole, readColumn, writeColumn } from "./column.ts";

/** An object of JSON values. A field that is undefined is an absent one. */
export type Row = Readonly<Record<string, unknown>>;
export type ReadRow = { [field: string]: JsonValue };

/** Rows by columns: what is alike lies side by side, where a compressor finds it. Made of JSON values only. */
export interface PackedRows {
  /** By row: its shape. */
  order: readonly number[];
  shapes: readonly PackedShape[];
}

/** Rows with the same fields in the same order: the fields' paths, and a column for each. */
interface PackedShape {
  paths: readonly string[];
  /** The columns of instants. Durations are small where instants are large: all but the first are written as what lies between. */
  instants: readonly number[];
  columns: readonly Column[];
}

/** Joins the names of nested fields; names that contain it are escaped as in a JSON pointer. */
const JOINT = "\n";
const SPECIAL = /[~\n]/;
const escaped = (name: string): string => (SPECIAL.test(name) ? name.replaceAll("~", "~0").replaceAll(JOINT, "~1") : name);
const namesOf = (path: string): string[] => path.split(JOINT).map(name => name.replaceAll("~1", JOINT).replaceAll("~0", "~"));

/** Packs rows; {@link unpackRows} gives them back, their fields in the same order. */
export async function packRows(rows: Iterable<Row>, breathe: Breathe): Promise<PackedRows> {
  const shapes = new Map<string, { index: number; paths: string[]; values: JsonValue[][] }>();
  const order: number[] = [];
  for (const row of rows) {
    const [paths, cells]: [string[], JsonValue[]] = [[], []];
    readCells(row, "", paths, cells);
    const key = JSON.stringify(paths);
    const shape = shapes.get(key) ?? { index: shapes.size, paths, values: paths.map(() => []) };
    if (shape.paths === paths) shapes.set(key, shape);
    for (let i = 0; i < cells.length; i++) shape.values[i]!.push(cells[i]!);
    order.push(shape.index);
    const pause = breathe();
    if (pause !== undefined) await pause;
  }
  const packed: PackedShape[] = [];
  for (const { paths, values } of shapes.values()) {
    const instants = paths.flatMap((path, i) => (INSTANT.test(path) && values[i]!.every(isWhole) ? [i] : []));
    const columns: Column[] = [];
    for (const column of againstFirst(instants, values, (value, first) => value - first)) {
      columns.push(writeColumn(column));
      const pause = breathe();
      if (pause !== undefined) await pause;
    }
    packed.push({ paths, instants, columns });
  }
  return { order, shapes: packed };
}

/** Gives back what {@link packRows} took. */
export function unpackRows({ order, shapes }: PackedRows): ReadRow[] {
  const counts = shapes.map(() => 0);
  for (const shape of order) counts[shape]!++;
  const tables = shapes.map(({ paths, instants, columns }, shape) => {
    const written = columns.map(column => readColumn(column, counts[shape]!));
    return { names: paths.map(namesOf), values: againstFirst(instants, written, (value, first) => value + first), next: 0 };
  });
  return order.map(shape => {
    const table = tables[shape]!;
    return rowOf(table.names, table.values, table.next++);
  });
}

function readCells(row: Row, above: string, paths: string[], cells: JsonValue[]): void {
  for (const name of Object.keys(row)) {
    const value = row[name];
    if (value === undefined) continue;
    const path = above + escaped(name);
    if (isNested(value)) readCells(value, path + JOINT, paths, cells);
    else {
      paths.push(path);
      cells.push(value as JsonValue);
    }
  }
}

const isNested = (value: unknown): value is Row =>
  typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;

function rowOf(names: readonly (readonly string[])[], values: readonly (readonly JsonValue[])[], at: number): ReadRow {
  const row: ReadRow = {};
  for (let i = 0; i < names.length; i++) {
    const path = names[i]!;
    let inner = row;
    for (let depth = 0; depth < path.length - 1; depth++) {
      const name = path[depth]!;
      if (!Object.hasOwn(inner, name)) setOwn(inner, name, {});
      inner = inner[name] as ReadRow;
    }
    setOwn(inner, path[path.length - 1]!, values[i]![at]!);
  }
  return row;
}

/** "__proto__" is a name like any other in what people write. */
function setOwn(object: ReadRow, name: string, value: JsonValue): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true });
}

const INSTANT = /(^|\n)at$|At$/;

function againstFirst(
  [first, ...others]: readonly number[],
  values: readonly (readonly JsonValue[])[],
  move: (value: number, first: number) => number,
): JsonValue[][] {
  return values.map((column, i) =>
    first !== undefined && others.includes(i)
      ? column.map((value, row) => move(value as number, values[first]![row] as number))
      : [...column],
  );
}
