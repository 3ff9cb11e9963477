import { z } from "zod";
import { type ResultSchema, resultSchemaProblem } from "#core/result.ts";

/** A schema of zod 4, from whichever copy of the package. */
const isSchema = (value: unknown): boolean => typeof value === "object" && value !== null && "_zod" in value;

export const ResultInput = z.custom<z.ZodType>(isSchema, { error: "expected a zod schema such as z.object({ rows: z.int() })" });

/** What a schema does beyond saying what is right; data cannot do that, and the worker has only the data. */
const DOES_MORE: Readonly<Record<string, string>> = {
  pipe: "transform(), pipe() or preprocess()",
  transform: "transform()",
  catch: "catch()",
  custom: "refine() or check()",
  overwrite: "trim(), toLowerCase() or another change of the text",
};

/**
 * The schema as the DagSpec holds it. Mistakes are reported in one sentence each; then the answer is undefined.
 * @param option what the author calls it
 */
export function resultSchemaOf(
  schema: z.ZodType,
  report: (message: string) => void,
  option = "result",
): ResultSchema | undefined {
  const known = RIGHT.get(schema);
  if (known !== undefined) return known;
  const wrong = new Set<string>();
  const look = (part: z.core.$ZodTypes, path: readonly PropertyKey[]) => {
    const checks = (part._zod.def.checks ?? []).map(check => check._zod.def.check);
    for (const kind of [part._zod.def.type, ...checks]) {
      if (kind in DOES_MORE)
        wrong.add(`option ${option}${fieldOf(path)}: ${DOES_MORE[kind]} cannot be written as data; check that in the program`);
    }
  };
  let data: ResultSchema;
  try {
    const { $schema: _, ...rest } = z.toJSONSchema(schema, {
      // Defaults are the reader's matter: a task need not write them.
      io: "input",
      override: ({ zodSchema, path }) => look(zodSchema, path),
    });
    data = JSON.parse(JSON.stringify(rest)) as ResultSchema;
  } catch (error) {
    report(`option ${option}: ${(error as Error).message}`);
    return undefined;
  }
  const unreadable = wrong.size === 0 ? resultSchemaProblem(data) : undefined;
  if (unreadable !== undefined) wrong.add(`option ${option}: ${unreadable}`);
  wrong.forEach(report);
  if (wrong.size > 0) return undefined;
  RIGHT.set(schema, data);
  return data;
}

/** Schemas that were found right: thousands of tasks may have one schema in common. */
const RIGHT = new WeakMap<z.ZodType, ResultSchema>();

/** Where in the result, from where in the JSON Schema. */
const fieldOf = (path: readonly PropertyKey[]): string =>
  path
    .filter(step => step !== "properties" && step !== "items")
    .map(step => `.${String(step)}`)
    .join("");
