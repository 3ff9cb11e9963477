import { instantIn, isTimezone } from "../instant.ts";
import { nearest } from "../nearest.ts";
import type { JsonValue } from "../result.ts";
import { DATE_FILTERS } from "./date-filters.ts";
import { type Filter, type FilterArgument, FilterRefusal, type Kind, type Literal, MAX_TEXT_CHARACTERS } from "./filter.ts";
import { VALUE_FILTERS } from "./value-filters.ts";
import { kindOf } from "./value-text.ts";
import { isDate } from "./zoned-date.ts";

/** Every filter that may stand in a `{{ … }}`, by name. docs/reference/templates.md is made of it. */
export const FILTERS = { ...VALUE_FILTERS, ...DATE_FILTERS } as const;
export type FilterName = keyof typeof FILTERS;

/** A filter as it stands in an expression. */
export interface FilterCall {
  name: FilterName;
  args: readonly Literal[];
}

const isFilter = (name: string): name is FilterName => Object.hasOwn(FILTERS, name);

const ARGUMENTS: Readonly<Record<FilterArgument["kind"], (value: Literal) => boolean>> = {
  text: value => typeof value === "string",
  "whole number": value => Number.isSafeInteger(value),
  zone: value => typeof value === "string" && isTimezone(value),
  anything: () => true,
};

/** What is wrong with a filter as it was written; undefined when it can be applied. */
export function filterProblem(name: string, args: readonly Literal[]): string | undefined {
  if (!isFilter(name)) {
    const names = Object.keys(FILTERS);
    const meant = nearest(name, names);
    return `unknown filter '${name}'; ${meant === undefined ? `there are ${names.join(", ")}` : `did you mean '${meant}'?`}`;
  }
  const expected: readonly FilterArgument[] = FILTERS[name].args;
  const least = expected.filter(({ optional }) => !optional).length;
  if (args.length < least || args.length > expected.length) {
    const shape = expected.map(arg => (arg.optional ? `${arg.name}?` : arg.name)).join(", ");
    return `filter '${name}' is written ${name}${expected.length === 0 ? " without arguments" : `(${shape})`}`;
  }
  const wrong = args.findIndex((arg, index) => !ARGUMENTS[expected[index]!.kind](arg));
  if (wrong === -1) return undefined;
  const { name: argument, kind } = expected[wrong]!;
  const wanted = kind === "zone" ? 'an IANA time zone such as "Europe/Berlin"' : `a ${kind}`;
  return `filter '${name}': ${argument} has to be ${wanted}`;
}

const INPUTS: Readonly<Record<Kind, (value: JsonValue) => unknown>> = {
  anything: value => value,
  text: value => (typeof value === "string" ? value : undefined),
  number: value => (typeof value === "number" ? value : undefined),
  boolean: value => (typeof value === "boolean" ? value : undefined),
  list: value => (Array.isArray(value) ? value : undefined),
  "text or list": value => (typeof value === "string" || Array.isArray(value) ? value : undefined),
  date: value => {
    const at = typeof value === "string" ? instantIn(value, "UTC") : value;
    return typeof at === "number" && isDate(at) ? at : undefined;
  },
};

/** Applies a filter whose {@link filterProblem} is none. @throws FilterRefusal when the value will not do */
export function applyFilter({ name, args }: FilterCall, value: JsonValue): JsonValue {
  const { takes, apply }: Filter = FILTERS[name];
  const input = INPUTS[takes](value);
  if (input === undefined) throw new FilterRefusal(`filter '${name}' takes a ${takes}, got ${kindOf(value)}`);
  try {
    const made = apply(input as never, ...args);
    if (typeof made === "string" && made.length > MAX_TEXT_CHARACTERS)
      throw new FilterRefusal(`the text would be longer than ${MAX_TEXT_CHARACTERS} characters`);
    return made;
  } catch (error) {
    if (error instanceof FilterRefusal) throw new FilterRefusal(`filter '${name}': ${error.message}`);
    throw error;
  }
}
