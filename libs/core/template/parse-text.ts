import { type Expression, ExpressionReader } from "./expression-reader.ts";

/** Whether anything in the text is to be evaluated. */
export const isTemplate = (text: string): boolean => text.includes("{{");

/** The text's literal parts and expressions in their order; a text without "{{" is one literal part. Throws WL_TEMPLATE. */
export function parseText(text: string): (string | Expression)[] {
  const parts: (string | Expression)[] = [];
  let from = 0;
  for (let open = openingFrom(text, 0); open !== -1; open = openingFrom(text, from)) {
    if (open > from) parts.push(text.slice(from, open));
    const reader = new ExpressionReader(text, open);
    parts.push(reader.read());
    from = reader.end;
  }
  if (from < text.length || parts.length === 0) parts.push(text.slice(from));
  return parts;
}

/** Of more than two braces the last two open: in `{{{ run.ds }}}` the outer ones are the text's own, as in JSON. */
function openingFrom(text: string, from: number): number {
  let open = text.indexOf("{{", from);
  while (open !== -1 && text[open + 2] === "{") open++;
  return open;
}
