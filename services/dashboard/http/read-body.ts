import type { Request } from "express";
import { isShallow } from "#contract/is-shallow.ts";
import type { ProblemError } from "#contract/problem.ts";
import { ApiError } from "./api-error.ts";
import { inputError, pointerTo } from "./check.ts";

/**
 * The parsed body; an absent one is an empty object.
 * @throws ApiError WL_BODY_JSON for another content type, which the parser has left unread; WL_INPUT for a field nested deeper than 64
 */
export function readBody(request: Request): unknown {
  if (request.body !== undefined) return shallow(request.body);
  const { "content-length": length = "0", "transfer-encoding": encoding } = request.headers;
  if (length === "0" && encoding === undefined) return {};
  throw new ApiError("WL_BODY_JSON", `the body is '${request.get("content-type") ?? "of no type"}', not application/json`, {
    errors: [{ in: "header", pointer: "#/content-type", detail: "must be application/json" }],
  });
}

/** What follows may recurse over it. */
function shallow(body: unknown): unknown {
  const fields: [path: string[], value: unknown][] =
    body !== null && typeof body === "object" && !Array.isArray(body)
      ? Object.entries(body).map(([name, value]) => [[name], value])
      : [[[], body]];
  const errors = fields
    .filter(([, value]) => !isShallow(value))
    .map(([path]): ProblemError => ({ in: "body", pointer: pointerTo(path), detail: "is nested deeper than 64" }));
  if (errors.length > 0) throw inputError(errors);
  return body;
}
