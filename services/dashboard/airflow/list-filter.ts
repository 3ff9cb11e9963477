/** What a row has for a field; null: nothing. */
export type Getter<Row> = (row: Row) => string | number | null;

/** By which fields a list can be narrowed and ordered. */
export interface ListFields<Row> {
  /** `state=a&state=b`: one of these. `none` is null. */
  oneOf?: Readonly<Record<string, Getter<Row>>>;
  /** `start_date_gte`, `_gt`, `_lte`, `_lt`: instants in ms, or numbers. */
  ranges?: Readonly<Record<string, (row: Row) => number | null>>;
  /** `run_id_pattern`: a part of it, whatever its case; `run_id_prefix_pattern`: its beginning. */
  texts?: Readonly<Record<string, (row: Row) => string>>;
  order: Readonly<Record<string, Getter<Row>>>;
}

const COMPARED: Readonly<Record<string, (value: number, bound: number) => boolean>> = {
  gte: (value, bound) => value >= bound,
  gt: (value, bound) => value > bound,
  lte: (value, bound) => value <= bound,
  lt: (value, bound) => value < bound,
};

/** Whether the row is in all that is asked for, by the names of the query. */
export function isKept<Row>(
  row: Row,
  wanted: Readonly<Record<string, unknown>>,
  { oneOf = {}, ranges = {}, texts = {} }: ListFields<Row>,
): boolean {
  return (
    Object.entries(oneOf).every(([name, get]) => {
      const values = wanted[name] as readonly string[] | undefined;
      return values === undefined || values.includes(String(get(row) ?? "none"));
    }) &&
    Object.entries(ranges).every(([name, get]) =>
      Object.entries(COMPARED).every(([op, holds]) => {
        const bound = wanted[`${name}_${op}`] as number | undefined;
        if (bound === undefined) return true;
        const value = get(row);
        return value !== null && holds(value, bound);
      }),
    ) &&
    Object.entries(texts).every(([name, get]) => {
      const { [`${name}_pattern`]: part, [`${name}_prefix_pattern`]: start } = wanted as Record<string, string | undefined>;
      return (part === undefined || hasPart(get(row), part)) && (start === undefined || get(row).startsWith(start));
    })
  );
}

/** Airflow's patterns are SQL's: `%` stands for any text, `_` for any character, `|` between alternatives, `~` for everything. */
function hasPart(text: string, pattern: string): boolean {
  if (pattern === "~") return true;
  const parts = pattern.split("|").map(part => part.trim().toLowerCase());
  return parts.some(part => part !== "" && isLike(text.toLowerCase(), part));
}

/** The pieces between the `%` one after the other. No regular expression: many `%` would make one try for ever. */
function isLike(text: string, part: string): boolean {
  let from = 0;
  for (const piece of part.split("%")) {
    while (from + piece.length <= text.length && !isAt(text, from, piece)) from++;
    from += piece.length;
    if (from > text.length) return false;
  }
  return true;
}

const isAt = (text: string, from: number, piece: string): boolean =>
  [...piece].every((letter, index) => letter === "_" || text[from + index] === letter);
