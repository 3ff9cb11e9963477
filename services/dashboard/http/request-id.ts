import { randomUUID } from "node:crypto";
import type { Request, RequestHandler } from "express";

const ids = new WeakMap<Request, string>();
const ACCEPTED = /^[A-Za-z0-9._~:+=/-]{1,128}$/;

/** Takes the caller's X-Request-Id, or makes one; answers with it. */
export const assignRequestId: RequestHandler = (request, response, next) => {
  const given = request.get("x-request-id");
  const id = given !== undefined && ACCEPTED.test(given) ? given : randomUUID();
  ids.set(request, id);
  response.set("X-Request-Id", id);
  next();
};

export const requestIdOf = (request: Request): string => ids.get(request) ?? "";
