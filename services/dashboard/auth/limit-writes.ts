import type { RequestHandler } from "express";
import type { RateStore } from "#state/rate-store.ts";
import { ApiError } from "../http/api-error.ts";
import { nameOf } from "./identity.ts";
import { isRead } from "./refuse-foreign-writes.ts";

const WINDOW_MS = 60_000;

/** Lets each caller write so often per minute, counted for all dashboards together. The answers say what is left (RateLimit). */
export function limitWrites(rates: RateStore, mostPerMinute: number): RequestHandler {
  return async (request, response, next) => {
    if (isRead(request)) return next();
    const { count, leftMs } = await rates.take(`writes:${nameOf(request)}`, WINDOW_MS);
    const seconds = Math.ceil(leftMs / 1_000);
    response.set({
      "RateLimit-Policy": `"writes";q=${mostPerMinute};w=${WINDOW_MS / 1_000}`,
      RateLimit: `"writes";r=${Math.max(0, mostPerMinute - count)};t=${seconds}`,
    });
    if (count <= mostPerMinute) return next();
    throw new ApiError(
      "WL_RATE",
      `'${nameOf(request)}' has written ${count} times within a minute; ${mostPerMinute} are allowed`,
      {
        headers: { "Retry-After": String(seconds) },
      },
    );
  };
}
