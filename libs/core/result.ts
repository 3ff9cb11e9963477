import { z } from "zod";
import { failure } from "./failure.ts";
import type { Outcome } from "./outcome.ts";

/** A value that JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** JSON Schema (draft 2020-12), as data: what a task's result has to look like. `{}` takes everything. */
export const ResultSchema = z.record(z.string(), z.unknown());
export type ResultSchema = z.infer<typeof ResultSchema>;

/**
 * A result that lies in object storage, where the task put it under its own identity: Windlass passes the reference on and never
 * reads what it points to. `sha256` in hex, `size` in bytes.
 */
export const LargeResult = z.strictObject({
  $ref: z.string().regex(/^[a-z][a-z0-9+.-]*:\/\/./, "a URL such as s3://bucket/key"),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, "64 hex digits"),
  size: z.number().int().min(0),
});
export type LargeResult = z.infer<typeof LargeResult>;

/** How much a container can say when it ends: Kubernetes' limit for one container, and for all of a pod's together. */
const MESSAGE_BYTES = 4_096;
const POD_MESSAGE_BYTES = 12_288;

/** How long a message of a pod with so many containers may be before the node cuts it. */
export const messageLimitBytes = (containers: number): number =>
  Math.min(MESSAGE_BYTES, Math.floor(POD_MESSAGE_BYTES / Math.max(containers, 1)));

/** What came out of reading a result: the value, defaults filled in, or why the try failed after all. */
export type ResultReading = { output: JsonValue } | { failure: Outcome };

/**
 * Reads what a task wrote to WINDLASS_RESULT_PATH. Only for a main container that exited with 0.
 * @param message the container's termination message
 * @param limitBytes from {@link messageLimitBytes}; a message that long counts as cut, because a cut one is exactly that long
 */
export function readResult(message: string | undefined, limitBytes: number, schema: ResultSchema): ResultReading {
  if (message === undefined || message === "") return { failure: failure("ResultMissing", { exitCode: 0 }) };
  if (new TextEncoder().encode(message).length >= limitBytes) {
    return { failure: failure("ResultTooLarge", { exitCode: 0, values: { limit: limitBytes } }) };
  }
  const value = parseJson(message);
  if (value === undefined) return invalid("it is not JSON");
  if (LargeResult.safeParse(value).success) return { output: value };
  const parsed = validatorOf(schema).safeParse(value);
  return parsed.success ? { output: parsed.data as JsonValue } : invalid(sentences(parsed.error));
}

/** Why a result schema cannot be used; undefined when it can. */
export function resultSchemaProblem(schema: ResultSchema): string | undefined {
  try {
    // Not kept: of a schema that is only written nobody needs it again, and it takes kilobytes.
    makeValidator(schema);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Never the text itself: it may hold a secret, and an outcome goes into Redis and Bull Board. */
const invalid = (why: string): ResultReading => ({ failure: failure("ResultInvalid", { exitCode: 0, values: { why } }) });

function parseJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined; // JSON.parse quotes the text in its message
  }
}

const validators = new WeakMap<ResultSchema, z.ZodType>();

function validatorOf(schema: ResultSchema): z.ZodType {
  const known = validators.get(schema);
  if (known !== undefined) return known;
  const made = makeValidator(schema);
  validators.set(schema, made);
  return made;
}

const makeValidator = (schema: ResultSchema): z.ZodType => z.fromJSONSchema(schema as z.core.JSONSchema.JSONSchema);

const MAX_SENTENCES = 5;

/** Paths and expectations, no values. */
function sentences({ issues }: z.ZodError): string {
  const said = [...new Set(issues.map(issue => `${["result", ...issue.path].join(".")}: ${issue.message}`))];
  const more = said.length > MAX_SENTENCES ? [`and ${said.length - MAX_SENTENCES} more`] : [];
  return [...said.slice(0, MAX_SENTENCES), ...more].join("; ").slice(0, 500);
}
