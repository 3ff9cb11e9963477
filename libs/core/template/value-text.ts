import type { JsonValue } from "../result.ts";
import { FilterRefusal } from "./filter.ts";

/** The value as a part of a text: lists and objects as JSON. @throws FilterRefusal for null, which would go unnoticed in a text */
export function textOf(value: JsonValue): string {
  if (typeof value === "string") return value;
  if (value === null) throw new FilterRefusal('null is no text; put `| default("…")` behind it');
  return typeof value === "object" ? jsonOf(value) : String(value);
}

/** @throws FilterRefusal when the value is nested deeper than JavaScript can follow */
export function jsonOf(value: JsonValue): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) throw new FilterRefusal("the value is nested too deeply");
    throw error;
  }
}

/** What the value is, for messages that must not repeat it. */
export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return typeof value === "string" ? "text" : typeof value;
}
