import { WindlassError } from "../errors.ts";
import { nearest } from "../nearest.ts";

const MOST_SHOWN = 10;
/** How near two names are is not told in linear time. */
const LONGEST_NAME = 100;
const MOST_COMPARED = 1_000;

/** A mistake in a `{{ … }}`. @param source the expression as it was written */
export const templateError = (source: string, why: string): WindlassError =>
  new WindlassError("WL_TEMPLATE", `${shortened(source)}: ${why}`, { evidence: shortened(source) });

const MOST_CHARACTERS = 200;
const shortened = (source: string): string =>
  source.length > MOST_CHARACTERS ? `${source.slice(0, MOST_CHARACTERS - 1)}…` : source;

/** "'params' has no 'countr'; did you mean 'country'?", or what there is where nothing is near. */
export function unknownName(owner: string, name: string | number, known: readonly string[]): string {
  const said = `${owner} has no ${typeof name === "number" ? `[${name}]` : `'${shortened(name)}'`}`;
  const meant = isComparable(name, known) ? nearest(String(name), known) : undefined;
  if (meant !== undefined) return `${said}; did you mean '${meant}'?`;
  if (known.length === 0) return said;
  const more = known.length > MOST_SHOWN ? `, and ${known.length - MOST_SHOWN} more` : "";
  return `${said}; there ${known.length === 1 ? "is" : "are"} ${known.slice(0, MOST_SHOWN).join(", ")}${more}`;
}

const isComparable = (name: string | number, known: readonly string[]): boolean =>
  String(name).length <= LONGEST_NAME && known.length <= MOST_COMPARED;
