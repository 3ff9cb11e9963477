import { mergeKeyOf } from "./merge-keys.ts";
import { fieldType, isObject, itemTypeOf, type JsonObject } from "./object-fields.ts";

/** The patch that turns `before` into `after` by a strategic merge; {} when they are equal. Values are plain JSON. */
export function strategicDiff(before: JsonObject, after: JsonObject, type = "Pod"): JsonObject {
  const patch: JsonObject = {};
  for (const field of Object.keys(before)) if (after[field] === undefined || after[field] === null) patch[field] = null;
  for (const [field, value] of Object.entries(after)) {
    if (value === undefined || value === null || isEqual(before[field], value)) continue;
    const inner = fieldType(type, field);
    const key = mergeKeyOf(type, field);
    if (isObject(value) && isObject(before[field])) patch[field] = strategicDiff(before[field], value, inner);
    else if (key !== undefined && isKeyed(before[field], key) && isKeyed(value, key)) {
      Object.assign(patch, listDiff(field, key, before[field], value, itemTypeOf(inner) ?? "any"));
    } else
      patch[field] = key !== undefined && Array.isArray(before[field]) ? [{ $patch: "replace" }, ...(value as unknown[])] : value;
  }
  return patch;
}

function listDiff(field: string, key: string, before: JsonObject[], after: JsonObject[], type: string): JsonObject {
  const had = new Map(before.map(item => [item[key], item]));
  const has = new Map(after.map(item => [item[key], item]));
  const gone = before.filter(item => !has.has(item[key])).map(item => ({ [key]: item[key], $patch: "delete" }));
  const changed = after.flatMap(item => {
    const old = had.get(item[key]);
    if (old === undefined) return [item];
    return isEqual(old, item) ? [] : [{ [key]: item[key], ...strategicDiff(old, item, type) }];
  });
  // What a merge would make of it: the old items in their order, the new ones behind them.
  const merged = [...before.filter(item => has.has(item[key])), ...after.filter(item => !had.has(item[key]))];
  const isInOrder = merged.every((item, index) => item[key] === after[index]![key]);
  return {
    ...(gone.length + changed.length > 0 ? { [field]: [...gone, ...changed] } : {}),
    ...(isInOrder ? {} : { [`$setElementOrder/${field}`]: after.map(item => ({ [key]: item[key] })) }),
  };
}

/** Whether the items can be told apart by the key. */
function isKeyed(list: unknown, key: string): list is JsonObject[] {
  if (!Array.isArray(list) || !list.every(item => isObject(item) && item[key] !== undefined)) return false;
  return new Set(list.map(item => item[key])).size === list.length;
}

function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const fields = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...fields].every(field => isEqual(a[field], b[field]));
}
