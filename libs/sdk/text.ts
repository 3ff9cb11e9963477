import { isReference, type Reference } from "./reference.ts";

/** A text in which "{{" stands for itself: `args: ["--format", raw("{{.State}}")]`. */
export const raw = (value: string): string => value.replaceAll("{{", '{{ "{{" }}');

/**
 * A text around references, in which "{{" that its author wrote stands for itself:
 *
 *     args: ["--to", text`s3://lake/${run.ds}/${extract.output.table}`]
 *
 * Without the tag `s3://lake/${run.ds}` is the same; there "{{ run.ds }}" may be written out, too.
 */
export function text(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | boolean | Reference<unknown>)[]
): string {
  let made = "";
  let literal = parts[0] ?? "";
  for (const [index, value] of values.entries()) {
    if (isReference(value)) {
      made += raw(literal) + String(value);
      literal = "";
    } else literal += String(value);
    literal += parts[index + 1] ?? "";
  }
  return made + raw(literal);
}
