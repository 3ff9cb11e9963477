import type { Request, RequestHandler, Response } from "express";
import type { TokenStore } from "#state/token-store.ts";
import type { UserStore } from "#state/user-store.ts";
import { ApiError } from "../http/api-error.ts";
import { hostOf, isLoopback } from "../loopback.ts";
import type { AuthSettings } from "./auth-settings.ts";
import { ADMIN, type Identity, setIdentity } from "./identity.ts";
import type { LoginLimit } from "./login-limit.ts";
import { grantsOf } from "./rights-table.ts";
import { isSameText } from "./same-text.ts";
import type { SessionCookies } from "./session-cookie.ts";
import { isListed } from "./trusted-addresses.ts";

export interface IdentifyDeps {
  settings: AuthSettings;
  tokens: TokenStore;
  users: UserStore;
  cookies: SessionCookies;
  limit: LoginLimit;
  now(): number;
}

/** How every API token begins, so that scanners find one that lies about. */
export const TOKEN_PREFIX = "wl_";

/** Lets known callers through. Without a login: whoever has reached this machine under its own name. */
export function requireCaller(deps: IdentifyDeps): RequestHandler {
  const { modes } = deps.settings;
  const hasForm = modes.has("password") || modes.has("oidc");
  return async (request, response, next) => {
    if (modes.has("none")) {
      setIdentity(request, anybodyHere(request));
      return next();
    }
    const identity = await known(request, response, deps);
    if (identity !== undefined) {
      setIdentity(request, identity);
      return next();
    }
    if (hasForm && isPageView(request)) return response.redirect(303, `/login?next=${encodeURIComponent(request.originalUrl)}`);
    throw unknown("no credentials were sent", deps.settings);
  };
}

/** A foreign page can point its own name at 127.0.0.1 (DNS rebinding); the Host header then tells. */
function anybodyHere(request: Request): Identity {
  const host = hostOf(request.get("host") ?? "");
  if (isLoopback(host)) return { name: "anonymous", grants: ADMIN, ambient: true };
  throw new ApiError("WL_FORBIDDEN", `without a login the dashboard answers as localhost only, not as '${host}'`);
}

/** Credentials that are sent decide alone: wrong ones are refused and not passed over. */
async function known(request: Request, response: Response, deps: IdentifyDeps): Promise<Identity | undefined> {
  const header = request.get("authorization");
  if (header === undefined) return (await fromSession(request, response, deps)) ?? fromProxy(request, deps.settings);
  const [scheme = "", credentials = ""] = header.split(" ", 2);
  const identity = await BY_SCHEME[scheme.toLowerCase()]?.(credentials, deps, request.ip ?? "");
  if (identity !== undefined) return identity;
  throw unknown("the credentials are not right", deps.settings);
}

type ByScheme = (credentials: string, deps: IdentifyDeps, address: string) => Promise<Identity | undefined>;

const BY_SCHEME: Readonly<Record<string, ByScheme>> = {
  async bearer(credentials, { settings: { token }, tokens, now }) {
    if (token !== undefined && isSameText(credentials, token)) return { name: "token", grants: ADMIN, ambient: false };
    if (!credentials.startsWith(TOKEN_PREFIX)) return undefined;
    const known = await tokens.useToken(credentials, now());
    return known && { name: `${known.by}/${known.name}`, grants: known.grants, ambient: false };
  },

  async basic(credentials, { settings, limit }, address) {
    const { login, token } = settings;
    if (!takesBasic(settings)) return undefined;
    // A person's password can be guessed, tokens cannot.
    limit.refuseBlocked(address);
    const [user, password] = splitOnce(Buffer.from(credentials, "base64").toString("utf8"));
    const expected = login ?? { user, password: token ?? "" };
    // Both are compared in any case: the time taken tells nothing about either.
    const right = [isSameText(user, expected.user), isSameText(password, expected.password)];
    if (right.every(Boolean)) return { name: user || "token", grants: ADMIN, ambient: true };
    await limit.failed(address);
    return undefined;
  },
};

/** The one login of the settings; or the token as a password, where a browser has no other way in. */
const takesBasic = ({ login, token, modes }: AuthSettings): boolean =>
  login !== undefined || (token !== undefined && modes.size === 1 && modes.has("token"));

async function fromSession(request: Request, response: Response, deps: IdentifyDeps): Promise<Identity | undefined> {
  const { settings, cookies, users } = deps;
  if (!settings.modes.has("password") && !settings.modes.has("oidc")) return undefined;
  const claims = await cookies.read(request, response);
  if (claims === undefined || !settings.modes.has(claims.kind)) return undefined;
  const { id, name, kind, groups, csrf } = claims;
  const grants = kind === "oidc" ? grantsOf(settings.rights, name, groups) : (await users.getUser(name))?.grants;
  return grants && { name, grants, ambient: true, session: { id, csrf } };
}

/** Only a proxy that is trusted may say who is logged in: whoever reaches us past it could write the same header. */
function fromProxy(request: Request, { proxy, proxies, rights }: AuthSettings): Identity | undefined {
  if (proxy === undefined || proxies === undefined || !isListed(proxies, request.socket.remoteAddress)) return undefined;
  const name = request.get(proxy.header)?.trim() ?? "";
  if (name === "") return undefined;
  const groups = proxy.groupsHeader === undefined ? "" : (request.get(proxy.groupsHeader) ?? "");
  return {
    name,
    grants: grantsOf(
      rights,
      name,
      groups.split(",").map(group => group.trim()),
    ),
    ambient: true,
  };
}

const isPageView = (request: Request): boolean =>
  request.method === "GET" && !request.path.startsWith("/api/") && (request.get("accept") ?? "").includes("text/html");

function unknown(message: string, settings: AuthSettings): ApiError {
  const { modes, token } = settings;
  // A browser would ask with a window of its own for Basic, although there is a page for it.
  const hasForm = modes.has("password") || modes.has("oidc");
  const schemes = [
    ...(token === undefined && modes.size === 1 && modes.has("token") ? [] : ['Bearer realm="Windlass"']),
    ...(takesBasic(settings) && !hasForm ? ['Basic realm="Windlass", charset="UTF-8"'] : []),
  ];
  return new ApiError("WL_AUTH", message, { headers: { "WWW-Authenticate": schemes.join(", ") } });
}

function splitOnce(text: string): [string, string] {
  const cut = text.indexOf(":");
  return cut < 0 ? [text, ""] : [text.slice(0, cut), text.slice(cut + 1)];
}
