import { randomBytes } from "node:crypto";
import type { Request, Response } from "express";
import { EncryptJWT, errors, jwtDecrypt } from "jose";
import { z } from "zod";
import type { SessionStore } from "#state/session-store.ts";
import { readCookie, setCookie } from "./cookies.ts";

/** A browser's login, as its cookie holds it, encrypted with a key that only we have. */
export const SessionClaims = z.object({
  id: z.string(),
  name: z.string(),
  /** Where the rights come from: the users in Redis, or the rights table with the groups that the provider named. */
  kind: z.enum(["password", "oidc"]),
  groups: z.array(z.string()),
  csrf: z.string(),
  loggedInAt: z.number(),
});
export type SessionClaims = z.infer<typeof SessionClaims>;

/** A session ends when it was not used for so long, and so long after its login in any case. */
const IDLE_MS = 12 * 3_600_000;
const LONGEST_MS = 7 * 24 * 3_600_000;
/** A cookie that is older is replaced by a fresh one. */
const RENEW_AFTER_MS = 5 * 60_000;

/** The name that Bull Board's client, and every other axios, sends back as X-XSRF-TOKEN by itself. */
const CSRF_COOKIE = "XSRF-TOKEN";

/** `__Host-`: no other host of the domain can set it. */
const nameOf = (secure: boolean): string => (secure ? "__Host-windlass_session" : "windlass_session");

export interface SessionCookies {
  /** The session that the request's cookie tells of, whoever's it is; its cookie is renewed. undefined: there is none that counts. */
  read(request: Request, response: Response): Promise<SessionClaims | undefined>;
  start(request: Request, response: Response, of: Pick<SessionClaims, "name" | "kind" | "groups">): Promise<SessionClaims>;
  end(request: Request, response: Response, id: string): Promise<void>;
  /** Encrypts what a browser is to bring back within `ttlMs`. `purpose` keeps it from being taken for something else. */
  seal(purpose: string, content: Record<string, unknown>, ttlMs: number): Promise<string>;
  /** undefined: it is not ours, for something else, or too old. */
  open(purpose: string, sealed: string): Promise<Record<string, unknown> | undefined>;
}

export interface SessionCookieDeps {
  sessions: SessionStore;
  isSecure(request: Request): boolean;
  now(): number;
}

export function sessionCookies({ sessions, isSecure, now }: SessionCookieDeps): SessionCookies {
  const seal: SessionCookies["seal"] = async (purpose, content, ttlMs) =>
    new EncryptJWT(content)
      .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
      .setAudience(purpose)
      .setIssuedAt(Math.floor(now() / 1_000))
      .setExpirationTime(Math.ceil((now() + ttlMs) / 1_000))
      .encrypt(await sessions.key());

  const open: SessionCookies["open"] = async (purpose, sealed) => {
    const key = await sessions.key();
    try {
      const { payload } = await jwtDecrypt(sealed, key, {
        audience: purpose,
        currentDate: new Date(now()),
        contentEncryptionAlgorithms: ["A256GCM"],
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  };

  async function write(request: Request, response: Response, claims: SessionClaims): Promise<void> {
    const secure = isSecure(request);
    const maxAgeMs = Math.min(IDLE_MS, claims.loggedInAt + LONGEST_MS - now());
    setCookie(response, nameOf(secure), await seal("session", claims, maxAgeMs), { secure, maxAgeMs });
    setCookie(response, CSRF_COOKIE, claims.csrf, { secure, maxAgeMs, readable: true });
  }

  return {
    seal,
    open,

    async read(request, response) {
      const sealed = readCookie(request, nameOf(isSecure(request)));
      const payload = sealed === undefined ? undefined : await open("session", sealed);
      const claims = SessionClaims.safeParse(payload).data;
      if (claims === undefined || !(await sessions.counts(claims))) return undefined;
      if (now() - (payload?.iat as number) * 1_000 > RENEW_AFTER_MS) await write(request, response, claims);
      return claims;
    },

    async start(request, response, of) {
      const claims: SessionClaims = { ...of, id: token(), csrf: token(), loggedInAt: now() };
      await write(request, response, claims);
      return claims;
    },

    async end(request, response, id) {
      await sessions.end(id, LONGEST_MS);
      const gone = { secure: isSecure(request), maxAgeMs: 0 };
      setCookie(response, nameOf(gone.secure), "", gone);
      setCookie(response, CSRF_COOKIE, "", { ...gone, readable: true });
    },
  };
}

const token = (): string => randomBytes(24).toString("base64url");
