import type { JsonValue } from "#core/result.ts";
import { readNamed } from "#runtime/config.ts";

/** The name of the worker's environment variable that stands for a variable nobody has set: "s3.bucket" is WINDLASS_VAR_S3_BUCKET. */
export const variableEnv = (name: string): string => `WINDLASS_VAR_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;

/** The value of {@link variableEnv}: JSON, or else the text as it is; undefined where it is not set. */
export function variableFallback(name: string, read: (name: string) => string | undefined = readNamed): JsonValue | undefined {
  const text = read(variableEnv(name));
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as JsonValue;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}
