import { type Request, type RequestHandler, Router } from "express";
import type { Logger } from "#runtime/logger.ts";
import type { AuditStore } from "#state/audit-store.ts";
import type { RateStore } from "#state/rate-store.ts";
import type { SessionStore } from "#state/session-store.ts";
import type { TokenStore } from "#state/token-store.ts";
import type { UserStore } from "#state/user-store.ts";
import { tokenRoutes } from "../airflow/token-routes.ts";
import { auditWrites } from "./audit-writes.ts";
import type { AuthSettings } from "./auth-settings.ts";
import { requireCaller } from "./identify.ts";
import { limitWrites } from "./limit-writes.ts";
import type { LoginLimit } from "./login-limit.ts";
import { loginRoutes } from "./login-routes.ts";
import { logoutRoute } from "./logout-route.ts";
import { openOidc } from "./oidc.ts";
import { oidcRoutes } from "./oidc-routes.ts";
import { refuseForeignWrites } from "./refuse-foreign-writes.ts";
import { sessionCookies } from "./session-cookie.ts";
import { setupRoutes } from "./setup-routes.ts";

export interface GuardDeps {
  settings: AuthSettings;
  audit: AuditStore;
  rates: RateStore;
  sessions: SessionStore;
  tokens: TokenStore;
  users: UserStore;
  limit: LoginLimit;
  log: Logger;
  now(): number;
}

/** What stands before everything that is not for strangers: who asks, whether it is them, how often; and who wrote what. */
export function guard({ settings, audit, rates, sessions, tokens, users, limit, log, now }: GuardDeps): Router {
  const { modes, oidc: provider, baseUrl, writesPerMinute } = settings;
  const isSecure = (request: Request): boolean => request.secure || (baseUrl?.startsWith("https:") ?? false);
  const cookies = sessionCookies({ sessions, isSecure, now });
  const oidc = provider && openOidc(provider, `${baseUrl}/login/callback`);
  const ways = { hasPassword: modes.has("password"), hasOidc: oidc !== undefined };
  const hasSessions = ways.hasPassword || ways.hasOidc;

  const router = Router();
  router.use(auditWrites(audit, { log, now }));
  if (hasSessions) router.use(loginRoutes({ ways, users, cookies, limit }));
  if (ways.hasPassword) router.use(setupRoutes({ users, cookies, limit, now }));
  if (oidc !== undefined) router.use(oidcRoutes({ settings, ways, oidc, users, cookies, isSecure }));
  router.use(tokenRoutes({ settings, users, tokens, limit, now }));
  router.use(requireCaller({ settings, tokens, users, cookies, limit, now }));
  if (hasSessions) router.use(logoutRoute(cookies));
  router.use(refuseForeignWrites, writesLimit());
  return router;

  /** Without a login all callers are one, on this machine. */
  function writesLimit(): RequestHandler {
    return modes.has("none") || writesPerMinute === 0
      ? (_request, _response, next) => next()
      : limitWrites(rates, writesPerMinute);
  }
}
