import type { JsonValue } from "../result.ts";
import { isTemplate } from "./parse-text.ts";
import type { TryTexts } from "./render-task.ts";
import { taskParts } from "./task-texts.ts";
import { type TextPlace, textsIn } from "./texts.ts";

/** What became of a try's texts, by where they stand: { "pod.args.1": "2026-01-31" }. */
export type RenderedTexts = Readonly<Record<string, string>>;

const MAX_CHARACTERS = 8_000;
const MAX_VALUE_CHARACTERS = 1_000;

/** For the people who look at a try: only the texts that had an expression, long ones cut, 8,000 characters in all. */
export function renderedTexts(before: TryTexts, after: TryTexts): RenderedTexts {
  const shown: Record<string, string> = {};
  let left = MAX_CHARACTERS;
  for (const [text, place] of textsIn(partsOf(before))) {
    if (!isTemplate(text)) continue;
    const name = place.join(".");
    const value = cut(shownValue(valueAt(partsOf(after), place)));
    left -= name.length + value.length;
    if (left < 0) break;
    shown[name] = value;
  }
  return shown;
}

/** The evaluated fields of a task under their names. */
const partsOf = ({ task, podDefaults }: TryTexts): Readonly<Record<string, unknown>> => ({
  ...Object.fromEntries(
    taskParts(task)
      .filter(({ field, reader }) => reader === "worker" && field !== "map.over")
      .map(({ field, value }) => [field, value]),
  ),
  ...(task.operator === "pod" && podDefaults !== undefined ? { podDefaults } : {}),
});

function valueAt(parts: unknown, place: TextPlace): JsonValue {
  let value = parts;
  for (const step of place) value = (value as Readonly<Record<string | number, unknown>>)[step];
  return value as JsonValue;
}

const shownValue = (value: JsonValue): string => (typeof value === "string" ? value : JSON.stringify(value));

const cut = (text: string): string => (text.length > MAX_VALUE_CHARACTERS ? `${text.slice(0, MAX_VALUE_CHARACTERS - 1)}…` : text);
