import { readdirSync, readFileSync } from "node:fs";

/** What the contract's files say of a schema and of its fields. */
export interface SchemaComments {
  /** Of the schema itself. */
  own?: string;
  fields: ReadonlyMap<string, string>;
}

const DECLARATION = /^(?:export )?const (\w+)/;
const FIELD = /^\s+(?:"([^"]+)"|(\w+)):/;

/** The doc comments of a folder's schemas by the schemas' names: the source that runs is the one that is read. */
export function fieldComments(folder: URL): ReadonlyMap<string, SchemaComments> {
  const files = readdirSync(folder).filter(name => name.endsWith(".ts"));
  return new Map(files.flatMap(name => [...commentsIn(readFileSync(new URL(name, folder), "utf8"))]));
}

/** The comments of one file. A field of an inner object counts as its schema's own: names seldom repeat. */
export function commentsIn(source: string): ReadonlyMap<string, SchemaComments> {
  const schemas = new Map<string, { own?: string; fields: Map<string, string> }>();
  let open: { own?: string; fields: Map<string, string> } | undefined;
  let comment: string[] | undefined;
  let spoken: string | undefined;
  for (const line of source.split("\n")) {
    const begins = /^\s*\/\*\*/.test(line);
    if (begins || comment !== undefined) {
      comment = [...(begins ? [] : (comment ?? [])), textOf(line)];
      if (!line.includes("*/")) continue;
      spoken = comment.filter(text => text !== "").join(" ");
      comment = undefined;
      continue;
    }
    const [, declared] = DECLARATION.exec(line) ?? [];
    const [, quoted, plain] = FIELD.exec(line) ?? [];
    const field = quoted ?? plain;
    if (declared !== undefined) {
      open = { ...(spoken === undefined ? {} : { own: spoken }), fields: new Map() };
      schemas.set(declared, open);
    } else if (field !== undefined && spoken !== undefined && open?.fields.has(field) === false) open.fields.set(field, spoken);
    spoken = undefined;
  }
  return schemas;
}

/** A line of a comment without its marks; `{@link X}` is X. */
const textOf = (line: string): string =>
  line
    .replace(/^\s*(\/\*\*|\*(?!\/))?\s?/, "")
    .replace(/\s*\*\/\s*$/, "")
    .replace(/\{@link (\w+)\}/g, "$1")
    .trim();
