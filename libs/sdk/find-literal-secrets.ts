import { isObject } from "#core/pod/object-fields.ts";
import { literalSecret } from "./literal-secret.ts";

/** A literal that looks like a secret, and where it stands. */
export interface LiteralSecret {
  /** ["env", "DB_PASSWORD"], ["initContainers", 0, "args", 2] */
  path: readonly (string | number)[];
  reason: string;
}

/** Looks through everything a task says about its pod: the variables and the words of every container. Never quotes a value. */
export function findLiteralSecrets(options: unknown, path: LiteralSecret["path"] = []): LiteralSecret[] {
  if (Array.isArray(options)) return options.flatMap((item, index) => findLiteralSecrets(item, [...path, index]));
  if (!isObject(options)) return [];
  return Object.entries(options).flatMap(([field, value]) => {
    const at = [...path, field];
    if ((field === "env" || field === "headers") && isObject(value))
      return inVariables(Object.entries(value).map(([name, item]) => [name, item, [...at, name]]));
    if (field === "env" && Array.isArray(value)) {
      return inVariables(value.filter(isObject).map(({ name, value: item }) => [String(name), item, [...at, String(name)]]));
    }
    if (field === "url" && typeof value === "string") return inVariables([["", value, at]]);
    if ((field === "args" || field === "command") && Array.isArray(value)) return inWords(value, at);
    return findLiteralSecrets(value, at);
  });
}

const inVariables = (variables: (readonly [name: string, value: unknown, path: LiteralSecret["path"]])[]): LiteralSecret[] =>
  variables.flatMap(([name, value, path]) => {
    const reason = typeof value === "string" ? literalSecret(name, value) : undefined;
    return reason === undefined ? [] : [{ path, reason }];
  });

const FLAG = /^--?(?<flag>[A-Za-z][\w.-]*)(?:=(?<value>.*))?$/s;
const ASSIGNMENT = /^(?<name>[A-Za-z_]\w*)=(?<value>.*)$/s;
/** A value that is put in when the container starts. */
const EXPANDED = /^["']?\$/;

function inWords(words: readonly unknown[], path: LiteralSecret["path"]): LiteralSecret[] {
  return words.flatMap((word, index) => {
    if (typeof word !== "string") return [];
    const reason = wordReason(word, words[index + 1]) ?? scriptReason(word);
    return reason === undefined ? [] : [{ path: [...path, index], reason }];
  });
}

/** `--password=x`, `--password x`, and `PASSWORD=x` as a word of its own. */
function wordReason(word: string, next: unknown): string | undefined {
  const { flag, value } = FLAG.exec(word)?.groups ?? {};
  if (flag !== undefined) return reasonOf(flag, value ?? (typeof next === "string" && !next.startsWith("-") ? next : ""));
  const assigned = ASSIGNMENT.exec(word)?.groups;
  return assigned === undefined || /\s/.test(word) ? undefined : reasonOf(assigned.name!, assigned.value!);
}

const reasonOf = (name: string, value: string): string | undefined =>
  EXPANDED.test(value) ? undefined : literalSecret(name, value);

/** Within a script only values count that look like a secret by themselves: names that do are too common in code. */
function scriptReason(word: string): string | undefined {
  for (const part of [word, ...word.split(/[\s"'`=;,()]+/)]) {
    const reason = literalSecret("", part);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
