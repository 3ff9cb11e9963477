import { type Request, Router } from "express";
import { z } from "zod";
import type { UserStore } from "#state/user-store.ts";
import { ApiError } from "../http/api-error.ts";
import { noteChange } from "./audit-writes.ts";
import type { AuthSettings } from "./auth-settings.ts";
import { readCookie, setCookie } from "./cookies.ts";
import type { Oidc } from "./oidc.ts";
import { type LoginWays, localPath, onLoginPage } from "./on-login-page.ts";
import { grantsOf } from "./rights-table.ts";
import type { SessionCookies } from "./session-cookie.ts";

export interface OidcRouteDeps {
  settings: AuthSettings;
  ways: LoginWays;
  oidc: Oidc;
  users: Pick<UserStore, "getUser">;
  cookies: SessionCookies;
  isSecure(request: Request): boolean;
}

const ATTEMPT_COOKIE = "windlass_login";
const ATTEMPT_MS = 10 * 60_000;

const Attempt = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), next: z.string() });

/** `/login/oidc` and `/login/callback`: to the identity provider and back. */
export function oidcRoutes({ settings, ways, oidc, users, cookies, isSecure }: OidcRouteDeps): Router {
  const router = Router();

  router.get("/login/oidc", async (request, response) => {
    const next = localPath(request.query.next);
    await onLoginPage(request, response, { next, ...ways }, async () => {
      const { url, attempt } = await oidc.begin();
      const sealed = await cookies.seal("login", { ...attempt, next }, ATTEMPT_MS);
      setCookie(response, ATTEMPT_COOKIE, sealed, { secure: isSecure(request), maxAgeMs: ATTEMPT_MS });
      response.redirect(303, url.href);
    });
  });

  router.get("/login/callback", async (request, response) => {
    const sealed = readCookie(request, ATTEMPT_COOKIE);
    const attempt = Attempt.safeParse(sealed && (await cookies.open("login", sealed))).data;
    setCookie(response, ATTEMPT_COOKIE, "", { secure: isSecure(request), maxAgeMs: 0 });
    const next = attempt?.next ?? "/";
    await onLoginPage(request, response, { next, ...ways }, async () => {
      if (attempt === undefined) throw new ApiError("WL_LOGIN", "this login was not begun here, or took too long");
      const { name, groups } = await oidc.finish(new URL(request.originalUrl, settings.baseUrl), attempt);
      noteChange(request, { what: "login", who: name, after: { mode: "oidc" } });
      await refuseStranger(name, groups);
      const known = groups.filter(group => Object.hasOwn(settings.rights.groups, group));
      await cookies.start(request, response, { name, kind: "oidc", groups: known });
      response.redirect(303, next);
    });
  });
  return router;

  async function refuseStranger(name: string, groups: readonly string[]): Promise<void> {
    // A name of ours must not become somebody's whom another party vouches for.
    const isOurs = settings.login?.user === name || (ways.hasPassword && (await users.getUser(name)) !== undefined);
    if (isOurs) throw new ApiError("WL_FORBIDDEN", `'${name}' logs in with a password here`);
    if (grantsOf(settings.rights, name, groups).length === 0) throw new ApiError("WL_FORBIDDEN", `'${name}' has no role here`);
  }
}
