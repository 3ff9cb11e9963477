import { cursorOf, placeOf } from "./cursor.ts";

export interface PageQuery {
  limit: number;
  cursor?: string | undefined;
}

export interface Page<T> {
  items: T[];
  /** Cursor of the page behind; absent on the last one. */
  next?: string;
}

const isKey = (place: unknown): place is string => typeof place === "string";

/**
 * One page of a list that is small enough to be read whole.
 * @param keyOf different for every item, and its place in the list: keys are compared as texts, so that a page begins where the one before
 * ended, whatever has come or gone
 * @throws ApiError WL_INPUT for a cursor of another list
 */
export function pageOf<T>(
  items: readonly T[],
  { limit, cursor }: PageQuery,
  keyOf: (item: T) => string,
  backwards = false,
): Page<T> {
  const after = cursor === undefined ? undefined : placeOf(cursor, isKey);
  const isBehind = (key: string): boolean => after === undefined || (backwards ? key < after : key > after);
  const keyed = items.map(item => ({ key: keyOf(item), item })).filter(({ key }) => isBehind(key));
  keyed.sort((a, b) => (a.key < b.key === backwards ? 1 : -1));
  const page = keyed.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    ...(last === undefined || page.length === keyed.length ? {} : { next: cursorOf(last.key) }),
  };
}

/** A number as a key that sorts like the number. */
export const sortableNumber = (value: number): string => String(Math.trunc(value)).padStart(16, "0");
