import { createHash, timingSafeEqual } from "node:crypto";
import type { Request, RequestHandler } from "express";
import { WindlassError } from "#core/errors.ts";
import { ApiError } from "./http/api-error.ts";
import { hostOf, isLoopback } from "./loopback.ts";

/** Who may use the dashboard. Both absent: everybody on this machine. */
export interface AuthSettings {
  /** For programs: `Authorization: Bearer <token>`. Also taken as the password of a browser's login when there is no `login`. */
  token?: string;
  /** For browsers: HTTP Basic. */
  login?: { user: string; password: string };
}

interface Caller {
  name: string;
  /** The browser sends these credentials by itself, also with requests that another site has caused. */
  ambient: boolean;
}

const callers = new WeakMap<Request, Caller>();

/** The name of who asks; "anonymous" before and without a login. */
export const callerOf = (request: Request): string => callers.get(request)?.name ?? "anonymous";

/** The request may have been caused by another site's page. */
export const isAmbient = (request: Request): boolean => callers.get(request)?.ambient ?? true;

/** Throws WL_CONFIG when the settings would let strangers in. */
export function assertGuarded(host: string, { token, login }: AuthSettings): void {
  if (token !== undefined || login !== undefined || isLoopback(host)) return;
  throw new WindlassError(
    "WL_CONFIG",
    `the dashboard would listen on ${host} without a login: set WINDLASS_TOKEN, or WINDLASS_USER and WINDLASS_PASSWORD, or WINDLASS_HOST=127.0.0.1`,
  );
}

/** Lets known callers through. Without a login: whoever has reached this machine under its own name. */
export function requireCaller(settings: AuthSettings): RequestHandler {
  const identify = settings.token === undefined && settings.login === undefined ? anybodyHere : known(settings);
  return (request, _response, next) => {
    callers.set(request, identify(request));
    next();
  };
}

/** A foreign page can point its own name at 127.0.0.1 (DNS rebinding); the Host header then tells. */
function anybodyHere(request: Request): Caller {
  const host = hostOf(request.get("host") ?? "");
  if (isLoopback(host)) return { name: "anonymous", ambient: true };
  throw new ApiError("WL_FORBIDDEN", `without a login the dashboard answers as localhost only, not as '${host}'`);
}

function known({ token, login }: AuthSettings): (request: Request) => Caller {
  const challenge = [...(token === undefined ? [] : ['Bearer realm="Windlass"']), 'Basic realm="Windlass", charset="UTF-8"'].join(
    ", ",
  );
  return request => {
    const [scheme = "", credentials = ""] = (request.get("authorization") ?? "").split(" ", 2);
    switch (scheme.toLowerCase()) {
      case "bearer":
        if (token !== undefined && same(credentials, token)) return { name: "token", ambient: false };
        break;
      case "basic": {
        const [user, password] = splitOnce(Buffer.from(credentials, "base64").toString("utf8"));
        const expected = login ?? { user, password: token ?? "" };
        // Both are compared in any case: the time taken tells nothing about either.
        const right = [same(user, expected.user), same(password, expected.password)];
        if (right.every(Boolean)) return { name: user || "token", ambient: true };
        break;
      }
    }
    throw new ApiError("WL_AUTH", scheme === "" ? "no credentials were sent" : "the credentials are not right", {
      headers: { "WWW-Authenticate": challenge },
    });
  };
}

function splitOnce(text: string): [string, string] {
  const cut = text.indexOf(":");
  return cut < 0 ? [text, ""] : [text.slice(0, cut), text.slice(cut + 1)];
}

/** In constant time, whatever the lengths. */
const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
