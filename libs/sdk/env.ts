import { z } from "zod";
import { EnvName, EnvSource, type EnvValue, SecretRef } from "#core/pod/env-value.ts";

const Plain = z.strictObject({ plain: z.string() });

/** A literal that its author declares to be no secret. */
export type PlainValue = z.infer<typeof Plain>;

/** Lets a literal pass that looks like a secret but is none: `{ NEXT_PAGE_TOKEN: plain("start") }`, `args: [plain("--token=none")]`. */
export function plain(value: string): PlainValue {
  return { plain: value };
}

export const isPlain = (value: unknown): value is PlainValue => Plain.safeParse(value).success;

/** Environment variables by name: literals, references, or plain(value). */
export const EnvInput = z.record(
  EnvName,
  z.union([z.string(), SecretRef, Plain, EnvSource], {
    error: "a string, secret.env(name, key), plain(value), or a reference such as fieldRef(path)",
  }),
);
export type EnvInput = z.infer<typeof EnvInput>;

/** Of everything that a process is told its arguments are shown to most people: in the pod, in the list of processes, in every log. */
export const NO_SECRET =
  "Secrets cannot be referenced into arguments: put it into env with secret(name, key), and let the program read it there";

export const isSecret = (word: unknown): boolean => SecretRef.safeParse(word).success;

/** Words of a command: literals, or plain(value). */
export const WordsInput = z.array(
  z
    .custom<string | PlainValue>()
    .superRefine((word, context) => {
      if (isSecret(word)) context.addIssue({ code: "custom", message: NO_SECRET, continue: false });
    })
    .pipe(z.union([z.string(), Plain], { error: "a string or plain(value)" })),
);

/** The words as the DagSpec holds them. */
export const wordsOf = (words: z.infer<typeof WordsInput>): string[] =>
  words.map(word => (typeof word === "string" ? word : word.plain));

/** The variables as the DagSpec holds them. */
export function envOf(input: EnvInput): Record<string, EnvValue> {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, typeof value === "object" && "plain" in value ? value.plain : value]),
  );
}
