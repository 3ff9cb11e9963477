import type { z } from "zod";
import { isOptional, typeText } from "./type-text.ts";

/** Comments by "constant.field", see doc-comments.ts. */
export type Comments = ReadonlyMap<string, string>;

/**
 * Options as a Markdown table: name, type, meaning, default.
 * @param owners the constants that the fields' comments stand in
 * @throws when an option has no comment
 */
export function optionTable(shape: z.ZodRawShape, owners: readonly string[], comments: Comments): string {
  const rows = Object.entries(shape).map(([name, schema]) => {
    const comment = owners.map(owner => comments.get(`${owner}.${name}`)).find(text => text !== undefined);
    if (comment === undefined) throw new Error(`option ${name} of ${owners.join(", ")} has no doc comment`);
    const { meaning, standard } = split(comment);
    const fallback = standard ?? (isOptional(schema) ? "none" : "required");
    return `| \`${name}\` | \`${cell(typeText(schema))}\` | ${cell(meaning)} | ${cell(fallback)} |`;
  });
  return ["| option | type | meaning | default |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

const DEFAULT = /\s*\bDefault: (?<standard>(?:[^.]|\.(?!\s|$))*)\.?(?=\s|$)/;

/** The sentence "Default: …" has a column of its own. */
function split(comment: string): { meaning: string; standard: string | undefined } {
  const standard = DEFAULT.exec(comment)?.groups?.standard;
  return { meaning: comment.replace(DEFAULT, "").trim(), standard };
}

/** A bar would end the cell. */
const cell = (text: string): string => text.replaceAll("|", "\\|");
