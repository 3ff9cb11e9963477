import type { JsonValue } from "../result.ts";
import { pathText, type TemplatePath } from "./paths.ts";
import { unknownName } from "./template-error.ts";

/** What was found, or why nothing was. */
export type Finding = { value: JsonValue } | { missing: string };

/** Follows the path through own properties only: nothing is inherited, nothing is called. */
export function lookUp(scope: Readonly<Record<string, unknown>>, path: TemplatePath): Finding {
  let value: unknown = scope;
  for (const [depth, step] of path.entries()) {
    const inside = fieldOf(value, step);
    if (inside === undefined) {
      const owner = depth === 0 ? "the task" : pathText(path.slice(0, depth));
      return { missing: missingText(owner, value, step) };
    }
    value = inside;
  }
  return { value: value as JsonValue };
}

const DATA: ReadonlySet<string> = new Set(["string", "number", "boolean", "object"]);

function fieldOf(value: unknown, step: string | number): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  // A list has its items and nothing else, not even a length.
  if (Array.isArray(value) && typeof step !== "number") return undefined;
  const inside: unknown = Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined;
  return DATA.has(typeof inside) ? inside : undefined;
}

function missingText(owner: string, value: unknown, step: string | number): string {
  if (Array.isArray(value)) return `${owner} is a list of ${value.length} and has no ${pathText([step])}`;
  if (typeof value !== "object" || value === null) {
    return `${owner} is ${value === null ? "null" : `a ${typeof value === "string" ? "text" : typeof value}`} and has no '${step}'`;
  }
  return unknownName(owner, step, Object.keys(value));
}
