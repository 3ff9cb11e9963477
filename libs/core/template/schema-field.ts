/** The parts of a JSON Schema that say which fields a value has. */
interface ShapeSchema {
  type?: unknown;
  properties?: Readonly<Record<string, unknown>>;
  additionalProperties?: unknown;
  items?: unknown;
}

export interface SchemaField {
  isKnown: boolean;
  /** Those there are. */
  fields: string[];
  /** The field's own schema. */
  inner: unknown;
}

/** What a schema says of one field. Only an object or a list that says all it has can be wrong about one. */
export function schemaField(schema: unknown, step: string | number): SchemaField {
  const { type, properties, items, additionalProperties: others = false } = (schema ?? {}) as ShapeSchema;
  const fields = Object.keys(properties ?? {});
  if (type === "array") return { isKnown: typeof step === "number", fields, inner: items };
  if (type !== "object" || properties === undefined)
    return { isKnown: type === undefined || type === "object", fields, inner: undefined };
  const isNamed = Object.hasOwn(properties, step);
  return { isKnown: isNamed || others !== false, fields, inner: isNamed ? properties[step] : others };
}
