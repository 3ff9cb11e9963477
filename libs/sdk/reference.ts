import { WindlassError } from "#core/errors.ts";
import { nearest } from "#core/nearest.ts";
import type { ReferenceData } from "#core/reference.ts";
import { callSite } from "./call-site.ts";

declare const VALUE: unique symbol;

/**
 * A value of type T that is known only when a run is under way, such as a field of an upstream's result. As JSON it is its path:
 * `{ "$from": ["tasks", "extract", "output", "rows"] }`.
 */
export type Reference<T> = { readonly [VALUE]: T } & Fields<T>;

type Fields<T> = T extends readonly (infer Item)[]
  ? { readonly [index: number]: Reference<Item> }
  : T extends object
    ? { readonly [K in keyof T]-?: Reference<Exclude<T[K], undefined>> }
    : unknown;

type Step = ReferenceData["$from"][number];

/** What stands behind a {@link Reference}. */
class ReferenceTarget {
  readonly #path: readonly Step[];

  constructor(path: readonly Step[]) {
    this.#path = path;
  }

  toJSON(): ReferenceData {
    return { $from: [...this.#path] };
  }

  /** A text made now would hold the words, not the value. */
  [Symbol.toPrimitive](): never {
    throw new WindlassError("WL_DAG_TYPE", `${this.#path.join(".")} is not known yet: it cannot be part of a text here`);
  }
}

/**
 * A reference to `path`; its fields are references, too.
 * @param schema JSON Schema of the value: fields that it does not have are refused with their file and line
 */
export function referenceTo<T>(path: readonly Step[], schema: unknown): Reference<T> {
  const get = (target: ReferenceTarget, name: string | symbol): unknown => {
    if (typeof name === "symbol" || name === "toJSON") return bound(target, name);
    // An object with `then` is a promise to JavaScript.
    if (name === "then") return undefined;
    const step = /^\d+$/.test(name) ? Number(name) : name;
    const { isKnown, fields, inner } = fieldOf(schema, step);
    if (isKnown) return referenceTo([...path, step], inner);
    const meant = nearest(name, fields);
    const message = `${path.join(".")} has no '${name}'${meant === undefined ? "" : `; did you mean '${meant}'?`}`;
    throw new WindlassError("WL_DAG_TYPE", message, { place: callSite(get) });
  };
  // The proxy stands for a value whose shape only the type knows.
  return new Proxy(new ReferenceTarget(path), { get }) as unknown as Reference<T>;
}

/** Where in a task's options references stand: "env.ROWS". */
export function referencePaths(value: unknown, path: readonly string[] = []): string[] {
  if (value instanceof ReferenceTarget) return [path.join(".")];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([field, item]) => referencePaths(item, [...path, field]));
}

function bound(target: ReferenceTarget, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name, target);
  return typeof value === "function" ? value.bind(target) : value;
}

interface Field {
  isKnown: boolean;
  /** Those there are. */
  fields: string[];
  inner: unknown;
}

/** Only an object or a list that says all it has can be wrong about a field. */
function fieldOf(schema: unknown, step: Step): Field {
  const { type, properties, items } = (schema ?? {}) as { type?: unknown; properties?: Record<string, unknown>; items?: unknown };
  const fields = Object.keys(properties ?? {});
  if (type === "array") return { isKnown: typeof step === "number", fields, inner: items };
  if (type !== "object" || properties === undefined)
    return { isKnown: type === undefined || type === "object", fields, inner: undefined };
  return { isKnown: Object.hasOwn(properties, step), fields, inner: properties[step] };
}
