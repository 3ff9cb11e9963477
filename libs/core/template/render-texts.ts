import { labelValue } from "../ids.ts";
import type { JsonValue } from "../result.ts";
import { FilterRefusal } from "./filter.ts";
import { isTemplate } from "./parse-text.ts";
import { renderText } from "./render.ts";
import type { Scope } from "./scope.ts";
import { templateError } from "./template-error.ts";
import { mapTexts, type TextPlace } from "./texts.ts";
import { textOf } from "./value-text.ts";

/** What a value becomes at its place. */
export type Place = "data" | "text" | "label";

/**
 * As renderTree, where a value mostly has to be a text: a number becomes one, and a label a valid one.
 * @param kindOf what each place holds. Default: texts everywhere
 * @throws WL_TEMPLATE, also where null would have to be a text
 */
export const renderTexts = <T>(value: T, scope: Scope, kindOf: (place: TextPlace) => Place = () => "text"): T =>
  mapTexts(value as JsonValue, (text, place) => {
    if (!isTemplate(text)) return text;
    const made = renderText(text, scope);
    const kind = kindOf(place);
    if (kind === "data") return made;
    return kind === "label" ? labelValue(asText(made, text)) : asText(made, text);
  }) as T;

function asText(value: JsonValue, source: string): string {
  try {
    return textOf(value);
  } catch (error) {
    if (error instanceof FilterRefusal) throw templateError(source, error.message);
    throw error;
  }
}
