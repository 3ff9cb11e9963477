import type { JsonValue } from "../result.ts";

/** Where a text stands in a value: ["pod", "args", 1]. */
export type TextPlace = readonly (string | number)[];

/** Every text inside of lists and objects with its place; names of fields are none. */
export function* textsIn(value: unknown, place: TextPlace = []): Generator<readonly [text: string, place: TextPlace]> {
  if (typeof value === "string") yield [value, place];
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) yield* textsIn(item, [...place, index]);
  else if (typeof value === "object" && value !== null)
    for (const [name, item] of Object.entries(value)) yield* textsIn(item, [...place, name]);
}

/** The value with every text replaced. What does not change is shared, so that an unchanged value is returned itself. */
export function mapTexts(value: JsonValue, map: (text: string, place: TextPlace) => JsonValue, place: TextPlace = []): JsonValue {
  if (typeof value === "string") return map(value, place);
  if (Array.isArray(value)) {
    const items = value.map((item: JsonValue, index) => mapTexts(item, map, [...place, index]));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  if (typeof value !== "object" || value === null) return value;
  let changed = false;
  const fields = Object.entries(value).map(([name, item]): [string, JsonValue] => {
    const made = mapTexts(item, map, [...place, name]);
    changed ||= made !== item;
    return [name, made];
  });
  // fromEntries defines own properties, a "__proto__" as well.
  return changed ? Object.fromEntries(fields) : value;
}
