import { z } from "zod";
import { nearest } from "./nearest.ts";

/** JSON Schema of a run's parameters: an object. */
export type ParamsSchema = Readonly<Record<string, unknown>>;

export interface ParamMistake {
  /** ["country"], ["tables", 0, "name"]; [] where something is wrong with all of them. */
  path: (string | number)[];
  message: string;
}

/** The parameters with the defaults filled in, or every mistake in them. */
export type ParamsReading = { conf: Readonly<Record<string, unknown>> } | { mistakes: ParamMistake[] };

/**
 * Reads what somebody gives a run as its parameters.
 * @param schema the DAG's `params`; absent: anything goes
 */
export function readParams(schema: ParamsSchema | undefined, conf: Readonly<Record<string, unknown>>): ParamsReading {
  if (schema === undefined) return { conf };
  const parsed = validatorOf(schema).safeParse(conf);
  if (parsed.success) return { conf: parsed.data as Record<string, unknown> };
  // A format is checked twice, by its name and by its pattern: the first says it better.
  const byPath = new Map(
    parsed.error.issues
      .flatMap(issue => mistakesOf(issue, schema))
      .reverse()
      .map(one => [pathKey(one), one]),
  );
  return { mistakes: [...byPath.values()].reverse() };
}

/** The mistakes in one line. */
export const paramsSentence = (mistakes: readonly ParamMistake[]): string =>
  mistakes.map(({ path, message }) => `${["params", ...path].join(".")}: ${message}`).join("; ");

const pathKey = ({ path }: ParamMistake): string => JSON.stringify(path);

function mistakesOf(issue: z.core.$ZodIssue, { properties = {} }: ParamsSchema): ParamMistake[] {
  const path = issue.path.filter(step => typeof step !== "symbol");
  if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
  const known = path.length === 0 ? Object.keys(properties as object) : [];
  return issue.keys.map(key => {
    const meant = nearest(key, known);
    return { path: [...path, key], message: `is no parameter${meant === undefined ? "" : `; did you mean '${meant}'?`}` };
  });
}

const validators = new WeakMap<ParamsSchema, z.ZodType>();

function validatorOf(schema: ParamsSchema): z.ZodType {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const made = z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema);
  validators.set(schema, made);
  return made;
}
