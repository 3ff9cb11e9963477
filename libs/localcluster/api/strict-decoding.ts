import { OBJECT_FIELDS } from "#core/pod/object-fields.ts";
import { isQuantity } from "./quantity.ts";

export interface Decoding {
  /** Unknown fields with their path, in document order: `spec.containers[0].foo`. */
  unknown: string[];
  /** Go's sentence about the first value of a wrong type. */
  typeError: string | undefined;
}

const jsonWord = (value: unknown): string =>
  Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const SCALARS: Record<string, (value: unknown) => boolean> = {
  string: value => typeof value === "string",
  boolean: value => typeof value === "boolean",
  int32: value => Number.isInteger(value),
  int64: value => Number.isInteger(value),
  time: value => typeof value === "string",
  intOrString: value => typeof value === "string" || Number.isInteger(value),
  any: () => true,
};

const GO_NAMES: Record<string, string> = { boolean: "bool", time: "v1.Time", intOrString: "intstr.IntOrString" };

const goName = (type: string): string =>
  type.startsWith("[]")
    ? `[]${goName(type.slice(2))}`
    : type.startsWith("map[")
      ? type
      : (GO_NAMES[type] ?? (type in SCALARS ? type : `v1.${type}`));

/** Where a value is: the path with indices for people, the path without for Go's sentence, and the struct that holds the field. */
interface Place {
  path: string;
  goPath: string;
  struct: string;
}

/** Compares a parsed body with the fields of its kind. A kind without a schema is accepted as it is. */
export function decodeStrictly(kind: string, body: unknown): Decoding {
  const result: Decoding = { unknown: [], typeError: undefined };
  const root = OBJECT_FIELDS.roots[kind];
  if (root !== undefined) visit(body, root, { path: "", goPath: "", struct: root }, result);
  return result;
}

function fitsType(value: unknown, type: string): boolean {
  if (type === "quantity") return isQuantity(value);
  if (type.startsWith("[]")) return Array.isArray(value);
  return SCALARS[type]?.(value) ?? isObject(value);
}

function complaint(value: unknown, type: string, { struct, goPath }: Place): string {
  if (type === "quantity") return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  return `json: cannot unmarshal ${jsonWord(value)} into Go struct field ${struct}.${goPath} of type ${goName(type)}`;
}

function visit(value: unknown, type: string, place: Place, result: Decoding): void {
  if (value === null || value === undefined || result.typeError !== undefined) return;
  const itemType = /^(?:\[\]|map\[string\])(.+)$/.exec(type)?.[1];
  if (!fitsType(value, type)) result.typeError = complaint(value, type, place);
  else if (itemType !== undefined) {
    for (const [key, item] of Object.entries(value)) visit(item, itemType, { ...place, path: `${place.path}[${key}]` }, result);
  } else if (isObject(value)) visitFields(value, type, place, result);
}

function visitFields(value: Record<string, unknown>, struct: string, place: Place, result: Decoding): void {
  const fields = OBJECT_FIELDS.types[struct];
  if (fields === undefined) return;
  const join = (path: string, name: string) => (path === "" ? name : `${path}.${name}`);
  for (const [name, item] of Object.entries(value)) {
    const type = fields[name];
    if (type === undefined) result.unknown.push(join(place.path, name));
    else visit(item, type, { path: join(place.path, name), goPath: join(place.goPath, name), struct }, result);
  }
}

/** A copy without the fields named by {@link Decoding.unknown}: what a server that does not know them would store. */
export function withoutFields<T>(body: T, paths: string[]): T {
  if (paths.length === 0) return body;
  const copy = structuredClone(body);
  for (const path of paths) {
    const steps = path.split(/[.[\]]+/).filter(step => step !== "");
    const last = steps.pop()!;
    let parent: unknown = copy;
    for (const step of steps) parent = (parent as Record<string, unknown> | undefined)?.[step];
    if (isObject(parent)) delete parent[last];
  }
  return copy;
}
