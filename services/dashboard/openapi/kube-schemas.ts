import { itemTypeOf, OBJECT_FIELDS } from "#core/pod/object-fields.ts";
import type { JsonSchema } from "./schema-book.ts";

const PREFIX = "kubernetes.";

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  string: { type: "string" },
  boolean: { type: "boolean" },
  int32: { type: "integer", minimum: -2_147_483_647, maximum: 2_147_483_647 },
  int64: { type: "integer" },
  time: { type: "string", description: 'An instant such as "2026-01-31T06:30:00Z".' },
  intOrString: { anyOf: [{ type: "integer" }, { type: "string" }] },
  quantity: {
    description: 'A quantity such as "250m" or "512Mi".',
    anyOf: [
      { type: "number" },
      { type: "string", pattern: "^[+-]?([0-9]+|[0-9]+\\.[0-9]*|\\.[0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$" },
    ],
  },
  any: {},
};

/** Only ever said of a patch, which may say less than the type, and more: null, and directives. */
const PATCH = "Pod";

/** Whether a schema's title names one of Kubernetes' types: "Affinity", "[]ContainerPort". */
export const isKubeType = (title: string): boolean => title !== PATCH && (itemTypeOf(title) ?? title) in OBJECT_FIELDS.types;

/** One of Kubernetes' types, its structs by reference. */
export function kubeSchema(type: string): JsonSchema {
  const item = itemTypeOf(type);
  if (type.startsWith("[]")) return { type: "array", items: kubeSchema(item!) };
  if (item !== undefined) return { type: "object", additionalProperties: kubeSchema(item) };
  return SCALARS[type] ?? { $ref: `#/components/schemas/${PREFIX}${type}` };
}

/** The structs that the types are made of, by the names that {@link kubeSchema} refers to. */
export function kubeComponents(types: Iterable<string>): Record<string, JsonSchema> {
  const found = new Map<string, JsonSchema>();
  const visit = (type: string): void => {
    const item = itemTypeOf(type);
    if (item !== undefined) return visit(item);
    const fields = OBJECT_FIELDS.types[type];
    if (fields === undefined || found.has(PREFIX + type)) return;
    const properties = Object.entries(fields).map(([name, of]) => [name, kubeSchema(of)]);
    found.set(PREFIX + type, { type: "object", additionalProperties: false, properties: Object.fromEntries(properties) });
    for (const of of Object.values(fields)) visit(of);
  };
  for (const type of types) visit(type);
  return Object.fromEntries(found);
}
