import { readFileSync } from "node:fs";
import type { z } from "zod";

/** Variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Every mistake of a configuration, one sentence each. Never holds a value that may be secret. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "WL_CONFIG";
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(
      `the configuration has ${mistakes.length} mistake${mistakes.length === 1 ? "" : "s"}:\n${mistakes.map(line => `  ${line}`).join("\n")}`,
    );
    this.mistakes = mistakes;
  }
}

/**
 * Reads exactly the variables the schema names, once. A variable that is empty counts as absent. `NAME_FILE` names a file that
 * holds the value of `NAME` (a mounted secret); a line end at its end is dropped.
 * @throws {ConfigError} with all mistakes together
 */
export function readConfig<Schema extends z.ZodObject>(schema: Schema, env: Environment = process.env): z.output<Schema> {
  const mistakes: string[] = [];
  const values: Record<string, string> = {};
  const hidden = new Map<string, string>();

  for (const name of Object.keys(schema.shape)) {
    const { value, fromFile, mistake } = lookUp(name, env);
    if (mistake !== undefined) mistakes.push(mistake);
    if (value === undefined) continue;
    values[name] = value;
    if (fromFile || maySecret(name, value)) hidden.set(name, value);
  }

  const result = schema.safeParse(values);
  if (!result.success) {
    const broken = new Set(mistakes.map(line => line.split(":", 1)[0]));
    for (const issue of result.error.issues) {
      const name = String(issue.path[0] ?? "settings");
      if (broken.has(name)) continue; // its file could not be read; that it is missing follows from it
      mistakes.push(`${name}: ${hide(describe(issue, values[name]), hidden)}`);
    }
  }
  if (mistakes.length > 0 || !result.success) throw new ConfigError(mistakes);
  return result.data;
}

/**
 * Reads a variable whose name no schema knows, because a DAG file names it: a key, an account. `NAME_FILE` may name a file, which is read
 * every time, so that a rotated secret is taken up. Undefined where it is not set, or its file cannot be read.
 */
export const readNamed = (name: string, env: Environment = process.env): string | undefined => lookUp(name, env).value;

interface Found {
  value?: string;
  fromFile?: boolean;
  mistake?: string;
}

function lookUp(name: string, env: Environment): Found {
  const direct = env[name] || undefined;
  const file = env[`${name}_FILE`] || undefined;
  if (file === undefined) return direct === undefined ? {} : { value: direct };
  if (direct !== undefined) return { mistake: `${name}: both ${name} and ${name}_FILE are set; keep one` };
  try {
    return { value: readFileSync(file, "utf8").replace(/\r?\n$/, ""), fromFile: true };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    return { mistake: `${name}: cannot read ${name}_FILE '${file}' (${reason})` };
  }
}

export const maySecret = (name: string, value: string): boolean =>
  /(TOKEN|PASSWORD|SECRET|KEY|CREDENTIALS?)$/i.test(name) || /:\/\/[^/]*@/.test(value);

const describe = (issue: z.core.$ZodIssue, value: string | undefined): string =>
  value === undefined && issue.code === "invalid_type" ? "is required" : issue.message;

function hide(message: string, hidden: ReadonlyMap<string, string>): string {
  let text = message;
  for (const secret of hidden.values()) text = text.replaceAll(secret, "[hidden]");
  return text;
}
