import { isReference, type Reference } from "./reference.ts";

type Scalar = string | number | boolean;

/** The same with a reference wherever a text, a number or a boolean may stand. */
export type Templated<T> = T extends Scalar
  ? T | Reference<T extends string ? Scalar : T>
  : T extends (...args: never[]) => unknown
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Templated<Item>[]
      : T extends object
        ? { [K in keyof T]: Templated<T[K]> }
        : T;

/** The value with every reference inside of its lists and plain objects as the text that stands for it; the value itself where there is none. */
export function withTexts(value: unknown): unknown {
  if (isReference(value)) return String(value);
  if (Array.isArray(value)) {
    const items = value.map(withTexts);
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (!isPlainObject(value)) return value;
  let changed: Record<string, unknown> | undefined;
  for (const [name, item] of Object.entries(value)) {
    const text = withTexts(item);
    if (text === item) continue;
    changed ??= { ...value };
    changed[name] = text;
  }
  return changed ?? value;
}

/** Schemas, dates and what else has a class of its own hold no references. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
