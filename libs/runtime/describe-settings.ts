import type { z } from "zod";
import { type Environment, maySecret } from "./config.ts";

/** One setting of a process, for people. */
export interface Setting {
  name: string;
  /** Absent: there is none, or it is secret. */
  value?: string;
  /** "file": NAME_FILE names a file that holds it. */
  origin: "env" | "file" | "default" | "unset";
  secret: boolean;
  description?: string;
}

/**
 * What a process was told, by name, without anything secret.
 * @param config what readConfig made of it
 */
export function describeSettings(
  schema: z.ZodObject,
  config: Readonly<Record<string, unknown>>,
  env: Environment = process.env,
): Setting[] {
  return Object.entries(schema.shape as Readonly<Record<string, z.ZodType>>)
    .map(([name, field]): Setting => {
      const value = config[name];
      const text = value === undefined ? undefined : textOf(value);
      const secret = maySecret(name, text ?? "");
      return {
        name,
        ...(text === undefined || secret ? {} : { value: text }),
        origin: originOf(name, value, field, env),
        secret,
        ...(field.description === undefined ? {} : { description: field.description }),
      };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function originOf(name: string, value: unknown, field: z.ZodType, env: Environment): Setting["origin"] {
  if (env[`${name}_FILE`]) return "file";
  if (env[name]) return "env";
  if (value === undefined) return "unset";
  return textOf(field.safeParse(undefined).data) === textOf(value) ? "default" : "env";
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? ""));
