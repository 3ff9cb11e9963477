import type { z } from "zod";
import { nearest } from "#core/nearest.ts";

type Issue = z.core.$ZodIssue;

/**
 * zod's finding as a sentence: where, what was expected, what was there. The issue must carry its input (`reportInput`).
 * @param known the names that are allowed at the top, for "did you mean"
 */
export function issueText(issue: Issue, known: readonly string[] = [], above: readonly PropertyKey[] = []): string {
  const path = [...above, ...issue.path];
  const nested = insideUnion(issue);
  if (nested !== undefined) return issueText(nested, known, path);
  const at = path.length === 0 ? "" : `option ${path.join(".")}: `;
  return at + finding(issue, path, path.length === 0 ? known : []);
}

function finding(issue: Issue, path: readonly PropertyKey[], known: readonly string[]): string {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map(key => unknownOption(key, known)).join("; ");
    case "invalid_key":
      return `the name must match ${issue.issues.map(inner => (inner.code === "invalid_format" ? inner.pattern : inner.message)).join(", ")}`;
    case "custom":
      return issue.message;
    default:
      return `expected ${expectation(issue)}, got ${gotten(issue.input, path)}`;
  }
}

/** The finding of the branch that the author meant: the one whose outer shape fits. */
function insideUnion(issue: Issue): Issue | undefined {
  if (issue.code !== "invalid_union") return undefined;
  const inner = issue.errors.map(branch => branch[0]).filter(first => first !== undefined && first.path.length > 0);
  // A union that says itself what it expects is only beaten by a sentence about one value.
  return inner.find(first => first?.code === "custom" || !hasOwnMessage(issue));
}

const hasOwnMessage = (issue: Issue): boolean => issue.message !== "Invalid input";

function expectation(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.expected === "record" ? "object" : issue.expected;
    case "invalid_value":
      return issue.values.map(value => JSON.stringify(value)).join(" or ");
    case "invalid_format":
      return `text that matches ${issue.pattern ?? issue.format}`;
    case "invalid_union":
      return hasOwnMessage(issue)
        ? issue.message
        : issue.errors.flatMap(branch => (branch[0] === undefined ? [] : [expectation(branch[0])])).join(" or ");
    case "too_small":
      return `${sizeOf(issue.origin)}at least ${issue.minimum}`;
    case "too_big":
      return `${sizeOf(issue.origin)}at most ${issue.maximum}`;
    default:
      return issue.message;
  }
}

const SIZES: Readonly<Record<string, string>> = { string: "a length of ", array: "a length of ", set: "a size of " };
const sizeOf = (origin: string): string => SIZES[origin] ?? "";

function unknownOption(key: string, known: readonly string[]): string {
  const meant = nearest(key, known);
  return `unknown option '${key}'${meant === undefined ? "" : `; did you mean '${meant}'?`}`;
}

/** Below `env` only the kind is told: a message must not repeat what may be a secret. */
function gotten(input: unknown, path: readonly PropertyKey[]): string {
  if (input === undefined) return "nothing";
  if (input === null) return "null";
  const kind = Array.isArray(input) ? "array" : typeof input;
  return path.includes("env") || !SHOWN.has(kind) ? kind : `${kind} ${JSON.stringify(input)}`;
}

const SHOWN: ReadonlySet<string> = new Set(["string", "number", "boolean"]);
