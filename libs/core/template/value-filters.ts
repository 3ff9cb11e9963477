import type { JsonValue } from "../result.ts";
import { type Filter, FilterRefusal, refuseLong } from "./filter.ts";
import { jsonOf, kindOf, textOf } from "./value-text.ts";

type Sized = string | readonly JsonValue[];

/** The filters of texts, numbers and lists. */
export const VALUE_FILTERS = {
  default: {
    what: "The value, or the argument where the value is missing or null. Stands first behind the path.",
    takes: "anything",
    gives: "anything",
    args: [{ name: "value", kind: "anything" }],
    example: ['params.country | default("DE")', "DE"],
    apply: (value: JsonValue, other) => value ?? other,
  },
  json: {
    what: "The value as JSON.",
    takes: "anything",
    gives: "text",
    args: [],
    example: ['"a \\"b\\"" | json', '"a \\"b\\""'],
    apply: (value: JsonValue) => jsonOf(value),
  },
  upper: {
    what: "The text in capitals.",
    takes: "text",
    gives: "text",
    args: [],
    example: ['"de" | upper', "DE"],
    apply: (text: string) => text.toUpperCase(),
  },
  lower: {
    what: "The text in small letters.",
    takes: "text",
    gives: "text",
    args: [],
    example: ['"DE" | lower', "de"],
    apply: (text: string) => text.toLowerCase(),
  },
  trim: {
    what: "The text without white space at its ends.",
    takes: "text",
    gives: "text",
    args: [],
    example: ['" a " | trim', "a"],
    apply: (text: string) => text.trim(),
  },
  replace: {
    what: "The text with every occurrence of one text replaced by another.",
    takes: "text",
    gives: "text",
    args: [
      { name: "from", kind: "text" },
      { name: "to", kind: "text" },
    ],
    example: ['"a-b-c" | replace("-", "_")', "a_b_c"],
    apply: (text: string, from, to) => {
      if (from === "") throw new FilterRefusal("the text to replace is empty");
      const parts = text.split(String(from));
      refuseLong(text.length + (parts.length - 1) * String(to).length);
      return parts.join(String(to));
    },
  },
  split: {
    what: "The parts of the text between the separators, as a list.",
    takes: "text",
    gives: "list",
    args: [{ name: "separator", kind: "text" }],
    example: ['"a,b" | split(",")', ["a", "b"]],
    apply: (text: string, separator) => {
      if (separator === "") throw new FilterRefusal("the separator is empty");
      return text.split(String(separator));
    },
  },
  join: {
    what: "The items of the list as one text, with the separator between them.",
    takes: "list",
    gives: "text",
    args: [{ name: "separator", kind: "text" }],
    example: ['"a,b" | split(",") | join(" ")', "a b"],
    apply: (list: readonly JsonValue[], separator) => {
      const texts = list.map(textOf);
      refuseLong(texts.reduce((sum, text) => sum + text.length, list.length * String(separator).length));
      return texts.join(String(separator));
    },
  },
  first: {
    what: "The first item of the list, or the first character of the text.",
    takes: "text or list",
    gives: "anything",
    args: [],
    example: ['"a,b" | split(",") | first', "a"],
    apply: (value: Sized) => itemAt(value, 0),
  },
  last: {
    what: "The last item of the list, or the last character of the text.",
    takes: "text or list",
    gives: "anything",
    args: [],
    example: ['"a,b" | split(",") | last', "b"],
    apply: (value: Sized) => itemAt(value, -1),
  },
  length: {
    what: "How many items the list has, or how many characters the text.",
    takes: "text or list",
    gives: "number",
    args: [],
    example: ['"a,b" | split(",") | length', 2],
    apply: (value: Sized) => value.length,
  },
  round: {
    what: "The number rounded to so many digits behind the point. Default: none.",
    takes: "number",
    gives: "number",
    args: [{ name: "digits", kind: "whole number", optional: true }],
    example: ["2.345 | round(1)", 2.3],
    apply: (value: number, digits = 0) => {
      if (Number(digits) < 0 || Number(digits) > 15) throw new FilterRefusal("the digits are 0 to 15");
      return Number(value.toFixed(Number(digits)));
    },
  },
  int: {
    what: "The value as a whole number; what is behind the point is cut off.",
    takes: "anything",
    gives: "number",
    args: [],
    example: ['"42" | int', 42],
    apply: (value: JsonValue) => Math.trunc(numberOf(value)),
  },
  float: {
    what: "The value as a number.",
    takes: "anything",
    gives: "number",
    args: [],
    example: ['"4.2" | float', 4.2],
    apply: (value: JsonValue) => numberOf(value),
  },
  string: {
    what: "The value as a text; lists and objects as JSON.",
    takes: "anything",
    gives: "text",
    args: [],
    example: ["42 | string", "42"],
    apply: (value: JsonValue) => textOf(value),
  },
  bool: {
    what: 'The value as true or false: "true", "yes", "on" and 1, "false", "no", "off", "" and 0.',
    takes: "anything",
    gives: "boolean",
    args: [],
    example: ['"yes" | bool', true],
    apply: (value: JsonValue) => {
      const known = typeof value === "boolean" ? value : BOOLEANS.get(String(value).toLowerCase());
      if (known === undefined || (typeof value === "object" && value !== null))
        throw new FilterRefusal(`the ${kindOf(value)} is neither true nor false`);
      return known;
    },
  },
} as const satisfies Readonly<Record<string, Filter>>;

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ...["true", "yes", "on", "1"].map(word => [word, true] as const),
  ...["false", "no", "off", "0", ""].map(word => [word, false] as const),
]);

function itemAt(value: Sized, index: number): JsonValue {
  const item = typeof value === "string" ? [...value].at(index) : value.at(index);
  if (item === undefined) throw new FilterRefusal(`the ${kindOf(value)} is empty`);
  return item;
}

function numberOf(value: JsonValue): number {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "boolean") return number ? 1 : 0;
  if (typeof number !== "number" || !Number.isFinite(number)) throw new FilterRefusal(`the ${kindOf(value)} is no number`);
  return number;
}
