import { WindlassError } from "#core/errors.ts";

/** Ends the process with the error as a person wants to read it: what happened, and the next step. */
export function failWith(error: unknown): never {
  if (error instanceof WindlassError) console.error(`${error.code}: ${error.message}\n  ${error.next}`);
  else console.error(error instanceof Error ? (process.env.DEBUG ? error.stack : error.message) : error);
  process.exit(1);
}
