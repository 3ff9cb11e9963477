import type { JsonValue } from "../result.ts";
import { parseText } from "./parse-text.ts";
import { pathText } from "./paths.ts";
import { renderText, renderTree } from "./render.ts";
import type { Scope } from "./scope.ts";
import { templateError } from "./template-error.ts";

type Over = readonly unknown[] | string;

/** What has to be known for one instance's item: of a known list the item, of a plain path the one place in it, else the whole list's text. */
export function itemSource(over: Over, index: number): unknown {
  if (typeof over !== "string") return over[index];
  const [only, ...more] = parseText(over);
  if (typeof only !== "object" || more.length > 0 || !("path" in only.head) || only.filters.length > 0) return over;
  return `{{ ${pathText([...only.head.path, index])} }}`;
}

/**
 * The item of one instance of a mapped task.
 * @throws WL_TEMPLATE when the list has no such item any more
 */
export function itemOf(over: Over, index: number, scope: Scope): JsonValue {
  const source = itemSource(over, index);
  if (source !== over) return renderTree(source as JsonValue, scope);
  const list = renderText(over as string, scope);
  const item: JsonValue | undefined = Array.isArray(list) ? (list[index] as JsonValue | undefined) : undefined;
  if (item === undefined)
    throw templateError(over as string, `has no item ${index}: the list has changed since the task was mapped`);
  return item;
}
