import type { Request, Response } from "express";

/** A cookie of the request; undefined: it has none of that name, or one that nobody could have set here. */
export function readCookie(request: Request, name: string): string | undefined {
  for (const part of (request.get("cookie") ?? "").split(";")) {
    const cut = part.indexOf("=");
    if (cut > 0 && part.slice(0, cut).trim() === name) return part.slice(cut + 1).trim();
  }
  return undefined;
}

/** Sets a cookie of this host for all its paths. An empty value removes it. */
export function setCookie(
  response: Response,
  name: string,
  value: string,
  { secure, maxAgeMs, readable = false }: { secure: boolean; maxAgeMs: number; readable?: boolean },
): void {
  response.cookie(name, value, {
    path: "/",
    httpOnly: !readable,
    sameSite: "lax",
    secure,
    maxAge: value === "" ? 0 : maxAgeMs,
    // What we write needs no escapes.
    encode: text => text,
  });
}
