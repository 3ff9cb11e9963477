import type { KubeObject } from "../store/kube-object.ts";
import { refuse } from "./api-error.ts";

export type Selects = (object: KubeObject) => boolean;
type LabelTest = (labels: Record<string, string>) => boolean;

const TOKEN = /\s*(==|!=|[=!<>(),]|[^\s=!<>(),]+)/gy;

function tokensOf(text: string): string[] {
  TOKEN.lastIndex = 0;
  return [...text.matchAll(TOKEN)].map(match => match[1]!);
}

/** `a=b,c!=d,e in (f,g),h notin (i),j,!k` → a predicate on labels. Throws the 400 of the real API server. */
export function labelSelector(text: string): LabelTest {
  const tokens = tokensOf(text);
  const tests: LabelTest[] = [];
  let at = 0;
  const fail = (expected: string): never => {
    throw refuse.badRequest(`unable to parse requirement: found '${tokens[at] ?? ""}', expected: ${expected}`);
  };
  const isWord = (token: string | undefined): token is string => token !== undefined && !/^(==|!=|[=!<>(),])$/.test(token);
  const word = (): string => {
    const token = tokens[at];
    if (!isWord(token)) return fail("identifier");
    at++;
    return token;
  };
  /** An empty value is a value: `a=` and `a=,b`. */
  const value = (): string => (tokens[at] === undefined || tokens[at] === "," ? "" : word());
  const values = (): Set<string> => {
    if (tokens[at] !== "(") fail("'('");
    at++;
    const set = new Set<string>();
    while (tokens[at] !== ")") {
      set.add(word());
      if (tokens[at] === ",") at++;
      else if (tokens[at] !== ")") fail("',' or ')'");
    }
    at++;
    return set;
  };
  const requirement = (): LabelTest => {
    if (tokens[at] === "!") {
      at++;
      const absent = word();
      return labels => !(absent in labels);
    }
    const key = word();
    const operator = tokens[at];
    if (operator === undefined || operator === ",") return labels => key in labels;
    const make = OPERATORS[operator];
    if (make === undefined) return fail("in, notin, =, ==, !=, gt, lt");
    at++;
    return operator === "in" || operator === "notin" ? make(key, values()) : make(key, new Set([value()]));
  };
  while (at < tokens.length) {
    tests.push(requirement());
    if (tokens[at] === ",") at++;
    else if (tokens[at] !== undefined) fail("',' or 'end of string'");
  }
  return labels => tests.every(test => test(labels));
}

const among =
  (key: string, set: Set<string>): LabelTest =>
  labels =>
    labels[key] !== undefined && set.has(labels[key]);
const notAmong =
  (key: string, set: Set<string>): LabelTest =>
  labels =>
    labels[key] === undefined || !set.has(labels[key]);
const number = (set: Set<string>): number => Number([...set][0]);

const OPERATORS: Record<string, (key: string, values: Set<string>) => LabelTest> = {
  "=": among,
  "==": among,
  in: among,
  "!=": notAmong,
  notin: notAmong,
  ">": (key, set) => labels => labels[key] !== undefined && Number(labels[key]) > number(set),
  "<": (key, set) => labels => labels[key] !== undefined && Number(labels[key]) < number(set),
};

/** `metadata.name=a,status.phase!=Running` over the fields a resource offers. Throws the 400 of the real API server. */
export function fieldSelector(text: string, fields: Record<string, (object: KubeObject) => string>): Selects {
  const tests = text
    .split(",")
    .filter(part => part !== "")
    .map((part): Selects => {
      const match = /^([^=!]+)(==|!=|=)(.*)$/.exec(part);
      if (match === null) throw refuse.badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
      const [, field, operator, value] = match;
      const read = fields[field!];
      if (read === undefined) throw refuse.badRequest(`field label not supported: ${field}`);
      return operator === "!=" ? object => read(object) !== value : object => read(object) === value;
    });
  return object => tests.every(test => test(object));
}

/** Both selectors of a list or watch as one predicate. */
export function selection(labels: string, fields: string, offered: Record<string, (object: KubeObject) => string>): Selects {
  const byLabel = labels === "" ? undefined : labelSelector(labels);
  const byField = fields === "" ? undefined : fieldSelector(fields, offered);
  return object => (byLabel?.(object.metadata.labels ?? {}) ?? true) && (byField?.(object) ?? true);
}
