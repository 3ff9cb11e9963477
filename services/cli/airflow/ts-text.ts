/** TypeScript that stands for itself inside of a value: `secret.env("db", "password")`. */
export class Code {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type TsValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | Code
  | readonly TsValue[]
  | { readonly [name: string]: TsValue };

const LINE_WIDTH = 120;

/** The value as TypeScript is written. What is undefined is left out of objects. */
export function tsText(value: TsValue, indent = "", used = 0): string {
  const short = oneLine(value);
  if (indent.length + used + short.length <= LINE_WIDTH && !short.includes("\n")) return short;
  const inner = `${indent}  `;
  if (Array.isArray(value))
    return `[\n${(value as TsValue[]).map(item => `${inner}${tsText(item, inner)},\n`).join("")}${indent}]`;
  if (typeof value !== "object" || value === null || value instanceof Code) return short;
  const fields = entriesOf(value as { [name: string]: TsValue }).map(([name, item]) => {
    const head = `${keyText(name)}: `;
    return `${inner}${head}${tsText(item, inner, head.length + 1)},\n`;
  });
  return `{\n${fields.join("")}${indent}}`;
}

function oneLine(value: TsValue): string {
  if (value instanceof Code) return value.text;
  if (Array.isArray(value)) return `[${(value as TsValue[]).map(oneLine).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = entriesOf(value as { [name: string]: TsValue }).map(([name, item]) => `${keyText(name)}: ${oneLine(item)}`);
    return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
  }
  return typeof value === "string" ? textLiteral(value) : String(value ?? null);
}

const entriesOf = (value: { [name: string]: TsValue }): [string, TsValue][] =>
  Object.entries(value).filter(([, item]) => item !== undefined);

const keyText = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));

/** Several lines stay several lines; quotes are those that need no backslash. */
function textLiteral(text: string): string {
  if (!text.includes("\n")) return text.includes('"') && !/['\\]/.test(text) ? `'${text}'` : JSON.stringify(text);
  return `\`${text.replace(/\\/g, "\\\\").replace(/`/g, "\\`").replace(/\$\{/g, "\\${")}\``;
}
