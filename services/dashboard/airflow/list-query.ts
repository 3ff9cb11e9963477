import { z } from "zod";
import { type Getter, isKept, type ListFields } from "./list-filter.ts";
import { airflowQuery, Many } from "./query.ts";

const RANGE_OPS = ["gte", "gt", "lte", "lt"] as const;

/** Airflow's page size, and the most it gives. */
const PAGE = 50;
const MOST = 100;

const Count = z.coerce.number().int().min(0);

/** A date with an offset, or a number. */
const Bound = z.union([z.coerce.number(), z.iso.datetime({ offset: true }).transform(text => Date.parse(text))]);

/** One page of a list, as the caller asks for it. */
interface ListPage<Row> {
  /** Narrows and orders the rows and takes the page out. */
  page(rows: readonly Row[]): { page: Row[]; total: number };
}

/**
 * The query of a list as Airflow's API has it: `limit` (50, at most 100), `offset`, `order_by` (several; `-` in front: downwards), and for
 * the fields that may narrow it `state=a&state=b`, `start_date_gte`, `run_id_pattern` (`a|b`), `run_id_prefix_pattern`.
 * @param more parameters that the route itself looks at
 */
export function listQuery<Row, More extends z.ZodRawShape>(fields: ListFields<Row>, more: More) {
  const { oneOf = {}, ranges = {}, texts = {}, order } = fields;
  const bounds = Object.keys(ranges).flatMap(name => RANGE_OPS.map(op => `${name}_${op}`));
  const patterns = Object.keys(texts).flatMap(name => [`${name}_pattern`, `${name}_prefix_pattern`]);
  const orders = Object.keys(order).flatMap(name => [name, `-${name}`]);
  const own = {
    limit: Count.default(PAGE).transform(limit => Math.min(limit, MOST)),
    offset: Count.default(0),
    order_by: Many.pipe(z.array(z.enum(orders))).default([]),
    ...optional(Object.keys(oneOf), Many),
    ...optional(bounds, Bound),
    ...optional(patterns, z.string()),
  };
  return airflowQuery({ ...own, ...more }).transform((given): z.output<z.ZodObject<More>> & ListPage<Row> => {
    const { limit, offset, order_by } = given as { limit: number; offset: number; order_by: string[] };
    return {
      ...(given as z.output<z.ZodObject<More>>),
      page(rows) {
        const kept = rows.filter(row => isKept(row, given, fields)).sort(comparing(order_by, order));
        return { page: kept.slice(offset, offset + limit), total: kept.length };
      },
    };
  });
}

const optional = (names: readonly string[], schema: z.ZodType): z.ZodRawShape =>
  Object.fromEntries(names.map(name => [name, schema.optional()]));

/** Rows that are equal in all that is asked for keep their order. What is unknown comes last. */
function comparing<Row>(orders: readonly string[], fields: Readonly<Record<string, Getter<Row>>>): (a: Row, b: Row) => number {
  return (a, b) => {
    for (const name of orders) {
      const isDown = name.startsWith("-");
      const get = fields[isDown ? name.slice(1) : name]!;
      const [x, y] = [get(a), get(b)];
      if (x === y) continue;
      if (x === null || y === null) return x === null ? 1 : -1;
      return x < y === isDown ? 1 : -1;
    }
    return 0;
  };
}
