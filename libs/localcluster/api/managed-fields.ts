type Json = Record<string, unknown>;

/** The steps to a field. */
export type FieldPath = readonly string[];

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** What belongs to nobody: it names the object, or holds what does. */
const NAMES = new Set(["apiVersion", "kind", "metadata.name", "metadata.namespace", "metadata.managedFields"]);
const HOLDER = "metadata";

/** Every value that an applied object sets. Lists are one value: only a schema could say how their items merge. */
export function fieldPaths(value: unknown, path: FieldPath = []): FieldPath[] {
  if (NAMES.has(path.join("."))) return [];
  const fields = isObject(value) ? Object.entries(value) : [];
  const isValue = fields.length === 0 && path.length > 0 && path.join(".") !== HOLDER;
  return isValue ? [path] : fields.flatMap(([name, inner]) => fieldPaths(inner, [...path, name]));
}

/** As Kubernetes writes them: `{"f:spec": {"f:image": {}}}`. */
export function toFieldsV1(paths: readonly FieldPath[]): Json {
  const root: Json = {};
  for (const path of paths) {
    let at = root;
    for (const step of path) {
      at[`f:${step}`] ??= {};
      at = at[`f:${step}`] as Json;
    }
  }
  return root;
}

/** {@link toFieldsV1} backwards. */
export function fromFieldsV1(fields: Json, path: FieldPath = []): FieldPath[] {
  const inner = Object.entries(fields).filter(([name]) => name.startsWith("f:"));
  if (inner.length === 0) return path.length === 0 ? [] : [path];
  return inner.flatMap(([name, more]) => fromFieldsV1(more as Json, [...path, name.slice(2)]));
}

export const valueAtPath = (object: unknown, path: FieldPath): unknown =>
  path.reduce<unknown>((value, step) => (isObject(value) ? value[step] : undefined), object);

/** A copy without the field, and without what is empty because of that. */
export function withoutPath(object: Json, [step, ...rest]: FieldPath): Json {
  if (step === undefined || !(step in object)) return object;
  const { [step]: value, ...others } = object;
  if (rest.length === 0 || !isObject(value)) return others;
  const left = withoutPath(value, rest);
  return Object.keys(left).length === 0 ? others : { ...object, [step]: left };
}

/** What is applied over what is there: objects are laid into each other, everything else replaces. */
export function applyOver(target: unknown, applied: unknown): unknown {
  if (!isObject(applied)) return applied;
  const fields = Object.entries(applied).map(([name, value]) => [
    name,
    applyOver(isObject(target) ? target[name] : undefined, value),
  ]);
  return { ...(isObject(target) ? target : {}), ...Object.fromEntries(fields) };
}
