import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Place, WindlassError } from "#core/errors.ts";
import { DagError } from "#sdk/problem.ts";
import type { LoadError } from "./load-reply.ts";

/** An import that leads nowhere, told with the line it is written on: Node's own error names only the file. */
export function missingImport(specifier: string, importer: string, cause: unknown): WindlassError {
  const lines = readFileSync(importer, "utf8").split("\n");
  const line = lines.findIndex(text => text.includes(`"${specifier}"`) || text.includes(`'${specifier}'`)) + 1;
  const place = { file: importer, ...(line > 0 ? { line } : {}) };
  return new WindlassError("WL_DAG_IMPORT", `cannot import '${specifier}': ${whyMissing(specifier, cause)}`, { place, cause });
}

function whyMissing(specifier: string, cause: unknown): string {
  if (codeOf(cause) !== "ERR_MODULE_NOT_FOUND") return describe(cause);
  if (!specifier.startsWith(".")) return "there is no such package here";
  return extname(specifier) === "" ? `no such file; write its extension, as in '${specifier}.ts'` : "no such file";
}

/** Why a DAG file could not be imported, and where. The mistake may be in any of the `imported` files. */
export function explain(error: unknown, file: string, imported: readonly string[]): LoadError {
  if (error instanceof WindlassError) {
    const [only, ...more] = error instanceof DagError ? error.problems : [error];
    if (more.length === 0 && only) return { code: error.code, message: only.message, file, ...error.place };
    const mistakes = [only, ...more].flatMap(one => (one ? [{ code: one.code, message: one.message, file, ...one.place }] : []));
    return { code: error.code, message: error.message, file, ...error.place, mistakes };
  }
  const place = placeInStack(error, imported) ?? (error instanceof SyntaxError ? placeOfSyntaxError(imported) : undefined);
  return { code: "WL_DAG_IMPORT", message: describe(error), file, ...place };
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `threw ${JSON.stringify(error) ?? typeof error}, which is no Error`;
  if (codeOf(error) === "ERR_ACCESS_DENIED") {
    const { permission = "access", resource = "" } = error as { permission?: string; resource?: string };
    return `a DAG file may not do this: ${permission} ${resource}`.trim();
  }
  return `${error.name}: ${error.message}`;
}

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);

/** The first line of a stack that lies in one of the files: a frame, or the head that syntax errors have. */
function placeInStack(error: unknown, files: readonly string[]): Place | undefined {
  if (!(error instanceof Error) || typeof error.stack !== "string") return undefined;
  for (const [, where, line] of error.stack.matchAll(/((?:file:\/\/)?\/[^\n]*?):(\d+)(?::\d+)?\)?$/gm)) {
    const file = where?.startsWith("file:") ? fileURLToPath(where) : where;
    if (file !== undefined && files.includes(file)) return { file, line: Number(line) };
  }
  return undefined;
}

/** V8 tells no place for a syntax error in JavaScript; the TypeScript parser does. */
function placeOfSyntaxError(files: readonly string[]): Place | undefined {
  for (const file of files.toReversed()) {
    try {
      stripTypeScriptTypes(readFileSync(file, "utf8"), { sourceUrl: file });
    } catch (error) {
      return placeInStack(error, [file]);
    }
  }
  return undefined;
}
