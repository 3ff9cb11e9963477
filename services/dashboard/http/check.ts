import type { z } from "zod";
import type { ProblemError } from "#contract/problem.ts";
import { ApiError } from "./api-error.ts";

export type Part = ProblemError["in"];

/** Checks the parts of a request together, so that the caller hears of every mistake at once. Throws WL_INPUT. */
export function checkAll(parts: readonly { in: Part; schema: z.ZodType; value: unknown }[]): unknown[] {
  const errors: ProblemError[] = [];
  const values = parts.map(part => {
    const result = part.schema.safeParse(part.value);
    if (result.success) return result.data;
    errors.push(...result.error.issues.flatMap(issue => mistakesOf(issue, part.in)));
    return undefined;
  });
  if (errors.length > 0) throw inputError(errors);
  return values;
}

export const inputError = (errors: readonly ProblemError[]): ApiError => {
  const [first] = errors;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return new ApiError("WL_INPUT", `${first?.in} ${first?.pointer}: ${first?.detail}${more}`, { errors });
};

function mistakesOf(issue: z.core.$ZodIssue, part: Part): ProblemError[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(key => ({ in: part, pointer: pointerTo([...issue.path, key]), detail: "is no known field" }));
  }
  const inner = issue.code === "invalid_key" ? issue.issues[0] : undefined;
  return [{ in: part, pointer: pointerTo(issue.path), detail: inner === undefined ? issue.message : `name: ${inner.message}` }];
}

/** RFC 6901 in its URI fragment form. */
export const pointerTo = (path: readonly PropertyKey[]): string =>
  `#${path.map(key => `/${encodeURIComponent(String(key).toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1")).replaceAll("%7E", "~")}`).join("")}`;
