import type { JsonValue } from "../result.ts";
import type { Expression } from "./expression-reader.ts";
import { FilterRefusal, MAX_TEXT_CHARACTERS } from "./filter.ts";
import { applyFilter } from "./filters.ts";
import { lookUp } from "./look-up.ts";
import { isTemplate, parseText } from "./parse-text.ts";
import type { TemplatePath } from "./paths.ts";
import type { Scope } from "./scope.ts";
import { templateError } from "./template-error.ts";
import { mapTexts } from "./texts.ts";
import { textOf } from "./value-text.ts";

/**
 * Puts values in the place of every `{{ … }}`. A text that is one whole expression gives the value with its type; else the result is a
 * text, with lists and objects as JSON. A text without "{{" is itself. Nothing is evaluated as code; takes time linear in the text.
 * @throws WL_TEMPLATE naming the expression, what is unknown, and what is known
 */
export function renderText(text: string, scope: Scope): JsonValue {
  if (!isTemplate(text)) return text;
  const parts = parseText(text);
  const [first] = parts;
  if (parts.length === 1 && typeof first === "object") return evaluate(first, scope);
  let made = "";
  for (const part of parts) {
    made += typeof part === "string" ? part : partText(part, scope);
    if (made.length > MAX_TEXT_CHARACTERS + text.length)
      throw templateError(text, `the text would be longer than ${MAX_TEXT_CHARACTERS} characters`);
  }
  return made;
}

/** Renders every text inside of lists and objects; names of fields stay as they are. What has no `{{ … }}` is returned itself. */
export function renderTree(value: JsonValue, scope: Scope): JsonValue {
  return mapTexts(value, text => renderText(text, scope));
}

function evaluate({ source, head, filters }: Expression, scope: Scope): JsonValue {
  return orError(source, () => {
    let value = "literal" in head ? head.literal : valueAt(head.path, filters[0]?.name === "default", source, scope);
    for (const filter of filters) value = applyFilter(filter, value);
    return value;
  });
}

/** @param mayMiss what is missing counts as null */
function valueAt(path: TemplatePath, mayMiss: boolean, source: string, scope: Scope): JsonValue {
  const found = lookUp(scope, path);
  if ("value" in found) return found.value;
  if (mayMiss) return null;
  throw templateError(source, found.missing);
}

const partText = (expression: Expression, scope: Scope): string =>
  orError(expression.source, () => textOf(evaluate(expression, scope)));

function orError<T>(source: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof FilterRefusal) throw templateError(source, error.message);
    throw error;
  }
}
