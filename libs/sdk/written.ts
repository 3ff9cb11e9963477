/** The value as JSON would hold it, so that it can be stored: without what is undefined, and with texts where references stand. */
export const written = <T>(value: T): T => (copyOf(value) ?? null) as T;

/** As JSON.stringify and JSON.parse would make it, but texts stay shared: a DAG of 100,000 tasks has few different ones. */
function copyOf(value: unknown): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      // There is no -0 in JSON.
      return Number.isFinite(value) ? value + 0 : null;
    case "object":
      return value === null ? null : copyOfObject(value);
    default:
      return undefined;
  }
}

function copyOfObject(value: object): unknown {
  if ("toJSON" in value && typeof value.toJSON === "function") return copyOf(value.toJSON());
  if (Array.isArray(value)) return Array.from(value, item => copyOf(item) ?? null);
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const item = copyOf((value as Record<string, unknown>)[name]);
    // A field of this name would otherwise become the copy's prototype.
    if (item !== undefined && name === "__proto__") Object.defineProperty(copy, name, { value: item, enumerable: true });
    else if (item !== undefined) copy[name] = item;
  }
  return copy;
}
