import type { ParamsSchema } from "#core/params.ts";

/** A DAG's parameters as Airflow shows them: each with its default as the value and the rest of its JSON Schema. */
export function airflowParams(schema: ParamsSchema | undefined): Record<string, unknown> | null {
  if (schema === undefined) return null;
  const { properties = {} } = schema as { properties?: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  return Object.fromEntries(
    Object.entries(properties).map(([name, { default: value = null, description = null, ...rest }]) => [
      name,
      { value, description, schema: rest },
    ]),
  );
}
