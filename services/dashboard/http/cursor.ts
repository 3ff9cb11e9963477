import { inputError } from "./check.ts";

/** Where a page ended, as text that clients hand back and do not look into. */
export const cursorOf = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString("base64url");

/** What {@link cursorOf} was given. @throws ApiError WL_INPUT when the text was not made by it, or `isPlace` does not know the place */
export function placeOf<Place>(cursor: string, isPlace: (place: unknown) => place is Place): Place {
  const place = parse(Buffer.from(cursor, "base64url").toString("utf8"));
  if (isPlace(place)) return place;
  throw inputError([{ in: "query", pointer: "#/cursor", detail: "is no cursor of this list" }]);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What is no JSON is no place either.
    return undefined;
  }
}
