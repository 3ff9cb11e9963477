import type { RequestHandler } from "express";
import { isAmbient } from "./auth.ts";
import { ApiError } from "./http/api-error.ts";

const READS = new Set(["GET", "HEAD", "OPTIONS"]);

/** Refuses writes that another site's page makes a browser send (CSRF). Programs with a token send no credentials unasked. */
export const refuseForeignWrites: RequestHandler = (request, _response, next) => {
  if (READS.has(request.method) || !isAmbient(request)) return next();
  const site = request.get("sec-fetch-site");
  const origin = request.get("origin");
  // Every browser sends one of the two with a write; what sends neither is no browser.
  const foreign =
    site !== undefined
      ? site !== "same-origin" && site !== "none"
      : origin !== undefined && hostIn(origin) !== request.get("host");
  if (foreign) throw new ApiError("WL_FORBIDDEN", `a page of another site (${origin ?? site}) may not change anything here`);
  next();
};

/** Host and port of an Origin header; undefined for "null". */
const hostIn = (origin: string): string | undefined => URL.parse(origin)?.host;
