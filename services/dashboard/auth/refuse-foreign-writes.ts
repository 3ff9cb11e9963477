import type { Request, RequestHandler } from "express";
import { ApiError } from "../http/api-error.ts";
import { identityOf } from "./identity.ts";
import { isSameText } from "./same-text.ts";

const READS = new Set(["GET", "HEAD", "OPTIONS"]);

export const isRead = (request: Request): boolean => READS.has(request.method);

/**
 * Refuses writes that another site's page makes a browser send (CSRF): by what the browser says of the page, and for a session also by a
 * token that only our own pages can read. Programs with a token send no credentials unasked.
 */
export const refuseForeignWrites: RequestHandler = (request, _response, next) => {
  const identity = identityOf(request);
  if (isRead(request) || identity?.ambient === false) return next();
  refuseForeignPage(request);
  const sent = request.get("x-xsrf-token") ?? request.get("x-csrf-token") ?? "";
  if (identity?.session !== undefined && !isSameText(sent, identity.session.csrf))
    throw new ApiError("WL_CSRF", "the write does not bring along the token of its session");
  next();
};

/** @throws ApiError when the browser says that a page of another site has sent the request */
export function refuseForeignPage(request: Request): void {
  const site = request.get("sec-fetch-site");
  const origin = request.get("origin");
  // Every browser sends one of the two with a write; what sends neither is no browser.
  const foreign =
    site !== undefined
      ? site !== "same-origin" && site !== "none"
      : origin !== undefined && hostIn(origin) !== request.get("host");
  if (foreign) throw new ApiError("WL_FORBIDDEN", `a page of another site (${origin ?? site}) may not change anything here`);
}

/** Host and port of an Origin header; undefined for "null". */
const hostIn = (origin: string): string | undefined => URL.parse(origin)?.host;
