import generated from "./object-fields.generated.json" with { type: "json" };

/**
 * The fields of Kubernetes' kinds: struct name → field → Go-like type (`string`, `int64`, `[]Container`, `map[string]string`, `time`,
 * `quantity`, `intOrString`, `any`, or a struct name).
 */
export interface ObjectFields {
  /** Kind → struct. */
  roots: Record<string, string>;
  types: Record<string, Record<string, string>>;
}

/** A table that knows only what is in it: "constructor" is no field of Kubernetes. */
const bare = <T>(table: Readonly<Record<string, T>>): Record<string, T> => Object.assign(Object.create(null), table);

/** As of the installed @kubernetes/client-node, which may know newer fields than a cluster. */
export const OBJECT_FIELDS: ObjectFields = {
  roots: bare(generated.roots),
  types: bare(
    Object.fromEntries(
      Object.entries(generated.types as ObjectFields["types"]).map(([name, fields]): [string, Record<string, string>] => [
        name,
        bare(fields),
      ]),
    ),
  ),
};

/** The type of a list's or a map's items; undefined for everything else. */
export const itemTypeOf = (type: string): string | undefined => /^(?:\[\]|map\[string\])(.+)$/.exec(type)?.[1];

export const isMapType = (type: string): boolean => type.startsWith("map[");

/** The type of a struct's field or of a map's value; "any" when Kubernetes does not know the field. */
export const fieldType = (type: string, field: string): string =>
  isMapType(type) ? itemTypeOf(type)! : (OBJECT_FIELDS.types[type]?.[field] ?? "any");

export type JsonObject = { [field: string]: unknown };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
