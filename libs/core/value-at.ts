/** The value at a dotted path of parsed JSON: "status.phase", "items.0.name". Undefined where the path leaves the value. */
export function valueAt(value: unknown, path: string): unknown {
  let here = value;
  for (const step of path.split(".")) {
    if (here === null || typeof here !== "object" || !Object.hasOwn(here, step)) return undefined;
    here = (here as Readonly<Record<string, unknown>>)[step];
  }
  return here;
}
