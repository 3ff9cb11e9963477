import { readFile } from "node:fs/promises";
import { WindlassError } from "#core/errors.ts";
import type { Io } from "../output/io.ts";

/**
 * The parameters of a run: those of the file ("-" is standard input) under those of `k=v`. A value that is JSON counts as JSON, so that
 * `n=5` is a number and `name=ann` a text; `id='"5"'` is the text 5.
 * @throws WL_CLI_USAGE
 */
export async function readParams(pairs: readonly string[], file: string | undefined, io: Io): Promise<Record<string, unknown>> {
  const base = file === undefined ? {} : readObject(file === "-" ? await io.readAll() : await read(file), file);
  return { ...base, ...Object.fromEntries(pairs.map(splitPair).map(([name, value]) => [name, jsonOrText(value)])) };
}

/** "k=v" → ["k", "v"]; the value may hold "=". @throws WL_CLI_USAGE */
export function splitPair(pair: string): [name: string, value: string] {
  const cut = pair.indexOf("=");
  if (cut < 1) throw new WindlassError("WL_CLI_USAGE", `'${pair}' is no name=value`);
  return [pair.slice(0, cut), pair.slice(cut + 1)];
}

export function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

async function read(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new WindlassError("WL_CLI_USAGE", `${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

function readObject(text: string, file: string): Record<string, unknown> {
  const value = jsonOrText(text);
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new WindlassError("WL_CLI_USAGE", `${file} holds no JSON object`);
}
