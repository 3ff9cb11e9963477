/** How one parameter is asked for. */
export interface ParamField {
  /** Where it lies in the parameters: ["options", "dryRun"]. */
  path: readonly string[];
  label: string;
  hint?: string;
  /** "lines": a list, an item a line. "json": whatever else. */
  input: "text" | "number" | "check" | "choice" | "lines" | "json";
  isRequired: boolean;
  /** In the box when nobody has typed yet. */
  usual: string | boolean;
  /** Of a choice. */
  choices?: readonly string[];
  /** Of numbers and of lists: what an item is. */
  isWhole?: boolean;
  items?: "string" | "number";
  min?: number;
  max?: number;
}

/** What has been typed, by the fields' names. */
export type Typed = Readonly<Record<string, string | boolean>>;

type Schema = Readonly<Record<string, unknown>>;

export const nameOf = ({ path }: Pick<ParamField, "path">): string => path.join(".");

/**
 * The fields of a form for a JSON Schema of parameters, in its order; objects inside are taken apart.
 * @param conf values to begin with, such as another run's
 */
export function paramFields(
  schema: Schema,
  conf: Readonly<Record<string, unknown>> = {},
  above: readonly string[] = [],
): ParamField[] {
  const { properties = {}, required = [] } = schema as { properties?: Record<string, Schema>; required?: string[] };
  return Object.entries(properties).flatMap(([name, property]) => {
    const path = [...above, name];
    const given = conf[name] ?? property.default;
    if (property.type === "object" && property.properties !== undefined)
      return paramFields(property, isRecord(given) ? given : {}, path).map(field => ({
        ...field,
        isRequired: field.isRequired && required.includes(name),
      }));
    return [fieldOf(path, property, required.includes(name) && property.default === undefined, given)];
  });
}

function fieldOf(path: readonly string[], schema: Schema, isRequired: boolean, given: unknown): ParamField {
  const { title, description, minimum, maximum } = schema;
  const field = {
    path,
    label: typeof title === "string" ? title : path.join(" › "),
    ...(typeof description === "string" ? { hint: description } : {}),
    isRequired,
  };
  if (Array.isArray(schema.enum))
    return { ...field, input: "choice", choices: schema.enum.map(String), usual: given === undefined ? "" : String(given) };
  switch (schema.type) {
    case "boolean":
      return { ...field, input: "check", usual: given === true };
    case "integer":
    case "number":
      return {
        ...field,
        input: "number",
        isWhole: schema.type === "integer",
        ...(typeof minimum === "number" && minimum > Number.MIN_SAFE_INTEGER ? { min: minimum } : {}),
        ...(typeof maximum === "number" && maximum < Number.MAX_SAFE_INTEGER ? { max: maximum } : {}),
        usual: given === undefined ? "" : String(given),
      };
    case "string":
      return { ...field, input: "text", usual: given === undefined ? "" : String(given) };
    case "array": {
      const items = itemsOf(schema);
      if (items !== undefined) return { ...field, input: "lines", items, usual: Array.isArray(given) ? given.join("\n") : "" };
    }
  }
  return { ...field, input: "json", usual: given === undefined ? "" : JSON.stringify(given, null, 2) };
}

function itemsOf({ items }: Schema): "string" | "number" | undefined {
  const type = isRecord(items) ? items.type : undefined;
  return type === "string" ? "string" : type === "number" || type === "integer" ? "number" : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export type TypedReading = { conf: Record<string, unknown> } | { mistakes: Readonly<Record<string, string>> };

/** What was typed as parameters. What was left empty is left out, so that defaults hold. */
export function readTyped(fields: readonly ParamField[], typed: Typed): TypedReading {
  const conf: Record<string, unknown> = {};
  const mistakes: Record<string, string> = {};
  for (const field of fields) {
    const name = nameOf(field);
    const read = readField(field, typed[name] ?? field.usual);
    if ("mistake" in read) mistakes[name] = read.mistake;
    else if (read.value !== undefined) put(conf, field.path, read.value);
  }
  return Object.keys(mistakes).length > 0 ? { mistakes } : { conf };
}

function readField(
  { input, isRequired, isWhole, items }: ParamField,
  value: string | boolean,
): { value: unknown } | { mistake: string } {
  if (typeof value === "boolean") return { value };
  if (value.trim() === "") return isRequired ? { mistake: "is needed" } : { value: undefined };
  switch (input) {
    case "number":
      return numberOf(value, isWhole === true);
    case "lines": {
      const lines = value.split("\n").filter(line => line.trim() !== "");
      if (items === "string") return { value: lines };
      const numbers = lines.map(line => numberOf(line, false));
      return (
        numbers.find(number => "mistake" in number) ?? { value: numbers.map(number => ("value" in number ? number.value : 0)) }
      );
    }
    case "json":
      return jsonOf(value);
    default:
      return { value };
  }
}

function numberOf(text: string, isWhole: boolean): { value: number } | { mistake: string } {
  const value = Number(text);
  if (!Number.isFinite(value)) return { mistake: "is no number" };
  return isWhole && !Number.isInteger(value) ? { mistake: "is no whole number" } : { value };
}

/** A text as JSON, or what is wrong with it. */
export function jsonOf(text: string): { value: unknown } | { mistake: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { mistake: `is no JSON: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function put(conf: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  if (rest.length === 0) {
    conf[name] = value;
    return;
  }
  const inner = isRecord(conf[name]) ? conf[name] : {};
  conf[name] = inner;
  put(inner, rest, value);
}
