import { isTemplate, parseText } from "./parse-text.ts";
import { textsIn } from "./texts.ts";

/** The way to a value: ["tasks", "extract", "output", "rows", 0]. */
export type TemplatePath = readonly (string | number)[];

const NAME = /^[A-Za-z_$][\w$-]*$/;

/** The path as it stands in an expression: `tasks.extract.output.rows[0]`, `params["two words"]`. */
export const pathText = (path: TemplatePath): string =>
  path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!NAME.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");

/** Every path that the texts inside of the value use, each once. Throws WL_TEMPLATE where an expression is none. */
export function pathsOf(value: unknown): readonly TemplatePath[] {
  const paths = new Map<string, TemplatePath>();
  for (const [text] of textsIn(value)) {
    if (!isTemplate(text)) continue;
    for (const part of parseText(text)) {
      if (typeof part === "object" && "path" in part.head) paths.set(JSON.stringify(part.head.path), part.head.path);
    }
  }
  return [...paths.values()];
}
