import { WindlassError } from "#core/errors.ts";
import { nearest } from "#core/nearest.ts";
import type { FilterArgument, Literal } from "#core/template/filter.ts";
import { type FILTERS, type FilterName, filterProblem } from "#core/template/filters.ts";
import { pathText, type TemplatePath } from "#core/template/paths.ts";
import { schemaField } from "#core/template/schema-field.ts";
import { callSite } from "./call-site.ts";

declare const VALUE: unique symbol;

/**
 * A value of type T that is known only when a run is under way, such as a field of an upstream's result. In the data it is a text,
 * `{{ tasks.extract.output.rows }}`, in whose place the value is put when the task starts; within a text it may be used as it is:
 * `s3://lake/${run.ds}/part`.
 */
export type Reference<T> = { readonly [VALUE]: T } & Pipe<T> & Fields<T>;

/** What data with references in it is when the task starts. */
export type ValueOf<T> = T extends { readonly [VALUE]: infer Value }
  ? Value
  : T extends readonly (infer Item)[]
    ? readonly ValueOf<Item>[]
    : T extends object
      ? { readonly [K in keyof T]: ValueOf<T[K]> }
      : T;

/** Of a value whose type nobody knows (`never`) every field may be named, and it fits everywhere. */
type Fields<T> = [T] extends [never] ? UnknownFields : KnownFields<T>;

interface UnknownFields {
  // biome-ignore lint/suspicious/noExplicitAny: under noUncheckedIndexedAccess every other type would be "or undefined" and fit nowhere
  readonly [name: string]: any;
}

type KnownFields<T> = T extends readonly (infer Item)[]
  ? { readonly [index: number]: Reference<Item> }
  : T extends object
    ? { readonly [K in keyof T]-?: Reference<Exclude<T[K], undefined>> }
    : unknown;

interface Pipe<T> {
  /**
   * The value as a filter makes it: `run.logicalDate.pipe("addDays", -1).pipe("ds")`. docs/reference/templates.md lists the filters.
   * @throws WL_DAG_TYPE for an unknown filter or a wrong argument
   */
  pipe<Name extends FilterName, const Args extends ArgumentsOf<(typeof FILTERS)[Name]["args"]>>(
    filter: Name,
    ...args: Args
  ): Reference<Piped<T, Name, Args>>;
}

type ArgumentsOf<List extends readonly FilterArgument[]> = List extends readonly [
  infer First extends FilterArgument,
  ...infer Rest extends readonly FilterArgument[],
]
  ? First extends { optional: true }
    ? [ArgumentOf<First>?, ...ArgumentsOf<Rest>]
    : [ArgumentOf<First>, ...ArgumentsOf<Rest>]
  : [];

type ArgumentOf<One extends FilterArgument> = {
  text: string;
  "whole number": number;
  zone: string;
  anything: Literal;
}[One["kind"]];

/** What the filters give whose result depends on the value. */
interface Giving<T, Args> {
  default: Exclude<T, null | undefined> | (Args extends readonly [infer Other] ? Other : never);
  first: ItemOf<T>;
  last: ItemOf<T>;
}

type ItemOf<T> = T extends readonly (infer Item)[] ? Item : string;

interface Given {
  anything: unknown;
  text: string;
  number: number;
  boolean: boolean;
  list: readonly string[];
  "text or list": unknown;
  date: string;
}

type Piped<T, Name extends FilterName, Args> = Name extends keyof Giving<T, Args>
  ? Giving<T, Args>[Name]
  : Given[(typeof FILTERS)[Name]["gives"]];

/** What stands behind a {@link Reference}: the expression without its braces. */
class ReferenceTarget {
  readonly #expression: string;

  constructor(expression: string) {
    this.#expression = expression;
  }

  toJSON(): string {
    return `{{ ${this.#expression} }}`;
  }

  [Symbol.toPrimitive](): string {
    return this.toJSON();
  }
}

/**
 * A reference to `path`; its fields are references, too.
 * @param schema JSON Schema of the value: fields that it does not have are refused with their file and line
 */
export function referenceTo<T>(path: TemplatePath, schema: unknown): Reference<T> {
  return made(pathText(path), name => {
    const step = /^\d+$/.test(name) ? Number(name) : name;
    const { isKnown, fields, inner } = schemaField(schema, step);
    if (isKnown) return referenceTo([...path, step], inner);
    const meant = nearest(name, fields);
    return `has no '${name}'${meant === undefined ? "" : `; did you mean '${meant}'?`}`;
  });
}

/** @param field what a field of the value is, or why there is none */
function made<T>(expression: string, field: (name: string) => Reference<unknown> | string): Reference<T> {
  const target = new ReferenceTarget(expression);

  const pipe = (filter: string, ...args: Literal[]): Reference<unknown> => {
    const problem = filterProblem(filter, args);
    if (problem !== undefined) throw new WindlassError("WL_DAG_TYPE", `${expression}: ${problem}`, { place: callSite(pipe) });
    const written = args.length === 0 ? "" : `(${args.map(arg => JSON.stringify(arg)).join(", ")})`;
    return made(`${expression} | ${filter}${written}`, name => `has no '${name}': what comes out of a filter has no fields`);
  };

  const get = (_: ReferenceTarget, name: string | symbol): unknown => {
    if (name === "pipe") return pipe;
    if (typeof name === "symbol" || name === "toJSON") return bound(target, name);
    // An object with `then` is a promise to JavaScript.
    if (name === "then") return undefined;
    const found = field(name);
    if (typeof found === "string") throw new WindlassError("WL_DAG_TYPE", `${expression} ${found}`, { place: callSite(get) });
    return found;
  };

  // The proxy stands for a value whose shape only the type knows.
  return new Proxy(target, { get }) as unknown as Reference<T>;
}

export const isReference = (value: unknown): value is Reference<unknown> => value instanceof ReferenceTarget;

function bound(target: ReferenceTarget, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === "function" ? value.bind(target) : value;
}
