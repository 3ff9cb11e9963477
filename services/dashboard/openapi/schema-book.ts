import { z } from "zod";
import { CHECKED_BY_CODE } from "./checked-by-code.ts";
import { fieldComments, type SchemaComments } from "./field-comments.ts";
import { isKubeType, kubeComponents, kubeSchema } from "./kube-schemas.ts";
import { namedSchemas } from "./named-schemas.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

const CONTRACT_FOLDER = new URL("../../../libs/contract/", import.meta.url);
const DEFS = "#/$defs/";
const COMPONENTS = "#/components/schemas/";

/** Says zod schemas as JSON Schema 2020-12: those with a name once, under `components`, and everybody else refers to them. */
export class SchemaBook {
  readonly #named = namedSchemas();
  readonly #comments = fieldComments(CONTRACT_FOLDER);
  readonly #components = new Map<string, JsonSchema>();

  readonly #kubeTypes = new Set<string>();

  /** By name, for `components.schemas`. */
  get components(): Record<string, JsonSchema> {
    const own = [...this.#components].sort(([a], [b]) => (a < b ? -1 : 1));
    return { ...Object.fromEntries(own), ...kubeComponents(this.#kubeTypes) };
  }

  /** @param io "input": what callers may send; "output": what they get */
  describe(schema: z.ZodType, io: "input" | "output"): JsonSchema {
    const {
      $schema: _,
      $defs = {},
      id: __,
      ...own
    } = z.toJSONSchema(schema, {
      io,
      metadata: this.#named,
      unrepresentable: "any",
      override: ({ zodSchema, jsonSchema }) => {
        tidy(zodSchema, jsonSchema, io);
        const { title } = jsonSchema;
        if (title === undefined || jsonSchema.type !== undefined || !isKubeType(title)) return;
        this.#kubeTypes.add(title);
        delete jsonSchema.title;
        Object.assign(jsonSchema, kubeSchema(title));
      },
    }) as Record<string, unknown> & { $defs?: Record<string, JsonSchema> };
    for (const [name, { id: ___, ...component }] of Object.entries($defs)) this.#add(name, component);
    const name = this.#named.get(schema)?.id;
    // Where the schema refers to itself, zod has put it among the definitions as well.
    if (name === undefined || "$ref" in own) return relinked(own);
    this.#add(name, own);
    return { $ref: `${COMPONENTS}${name}` };
  }

  #add(name: string, schema: JsonSchema): void {
    const said = commented(relinked(schema), this.#comments.get(name));
    const before = this.#components.get(name);
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(said))
      throw new Error(`${name} is sent and answered in two shapes: give each a name`);
    this.#components.set(name, said);
  }
}

/** What zod says too exactly, or does not say because it is checked by a function. */
function tidy(zodSchema: z.core.$ZodType, schema: z.core.JSONSchema.BaseSchema, io: "input" | "output"): void {
  const { id: _, ...meta } = z.globalRegistry.get(zodSchema) ?? {};
  Object.assign(schema, meta, CHECKED_BY_CODE.get(zodSchema));
  // The format says it; the pattern that zod checks by is for machines.
  if (schema.format === "date-time") delete schema.pattern;
  // Fields may be added to answers without a new version of the API.
  if (io === "output" && schema.additionalProperties === false) delete schema.additionalProperties;
  for (const bound of io === "output" ? (["minimum", "maximum"] as const) : [])
    if (Math.abs(Number(schema[bound])) === Number.MAX_SAFE_INTEGER) delete schema[bound];
}

const relinked = (schema: JsonSchema): JsonSchema =>
  JSON.parse(JSON.stringify(schema).replaceAll(`"$ref":"${DEFS}`, `"$ref":"${COMPONENTS}`)) as JsonSchema;

/** The schema with what its file says of it and of its fields. */
function commented(schema: JsonSchema, comments: SchemaComments | undefined): JsonSchema {
  if (comments === undefined) return schema;
  const fill = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(fill);
    if (typeof value !== "object" || value === null) return value;
    const { properties, ...rest } = value as { properties?: Record<string, JsonSchema> };
    const others = Object.fromEntries(Object.entries(rest).map(([name, part]) => [name, fill(part)]));
    if (properties === undefined) return others;
    const fields = Object.entries(properties).map(([name, field]) => {
      const description = comments.fields.get(name);
      const filled = fill(field) as JsonSchema;
      return [name, description === undefined || "description" in filled ? filled : { description, ...filled }];
    });
    return { ...others, properties: Object.fromEntries(fields) };
  };
  const filled = fill(schema) as JsonSchema;
  return comments.own === undefined ? filled : { description: comments.own, ...filled };
}
