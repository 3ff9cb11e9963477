import { z } from "zod";
import { resultSchemaOf } from "./result-schema.ts";

const isObjectSchema = (value: unknown): value is z.ZodObject =>
  typeof value === "object" && value !== null && "_zod" in value && (value as z.ZodType)._zod.def.type === "object";

export const ParamsInput = z.custom<z.ZodObject>(isObjectSchema, {
  error: 'expected a zod object such as z.object({ country: z.string().default("DE") })',
});

/** The schema of a DAG's parameters as the DagSpec holds it: what it does not name is refused, unless it is a z.looseObject. */
export function paramsSchemaOf(schema: z.ZodObject, report: (message: string) => void): Record<string, unknown> | undefined {
  const data = resultSchemaOf(schema, report, "params");
  return data && { additionalProperties: false, ...data };
}
