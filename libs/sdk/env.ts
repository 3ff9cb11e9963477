import { z } from "zod";
import { type EnvValue, PodSpec, SecretRef } from "#core/dag-spec.ts";

const Plain = z.strictObject({ plain: z.string() });

/** A literal that its author declares to be no secret. */
export type PlainValue = z.infer<typeof Plain>;

/**
 * A reference to one key of a Kubernetes Secret in the task's namespace. The kubelet puts the value into the container;
 * Windlass never reads it.
 *
 *     env: { DB_PASSWORD: secret("task-db", "password") }
 *
 * @param options.optional start the container without the variable when Secret or key are missing. Default: the try fails.
 */
export function secret(name: string, key: string, options: { optional?: boolean } = {}): SecretRef {
  return { secret: name, key, ...options };
}

/** Lets a literal pass that looks like a secret but is none: `{ NEXT_PAGE_TOKEN: plain("start") }`. */
export function plain(value: string): PlainValue {
  return { plain: value };
}

/** Environment variables by name: literals, secret(name, key), or plain(value). */
export const EnvInput = z.record(
  PodSpec.shape.env.unwrap().keyType,
  z.union([z.string(), SecretRef, Plain], { error: "a string, secret(name, key) or plain(value)" }),
);
export type EnvInput = z.infer<typeof EnvInput>;

/** The variables as the DagSpec holds them. */
export function envOf(input: EnvInput): Record<string, EnvValue> {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, typeof value === "object" && "plain" in value ? value.plain : value]),
  );
}
