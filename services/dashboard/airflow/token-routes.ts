import { randomBytes, randomUUID } from "node:crypto";
import express, { type Request, type RequestHandler, Router } from "express";
import type { z } from "zod";
import { AirflowTokenBody, type AirflowTokenReply } from "#contract/airflow/service.ts";
import type { Grant } from "#core/rights.ts";
import type { TokenStore } from "#state/token-store.ts";
import type { UserStore } from "#state/user-store.ts";
import { noteChange } from "../auth/audit-writes.ts";
import type { AuthSettings } from "../auth/auth-settings.ts";
import { TOKEN_PREFIX } from "../auth/identify.ts";
import { ADMIN } from "../auth/identity.ts";
import type { LoginLimit } from "../auth/login-limit.ts";
import { isPassword } from "../auth/password-hash.ts";
import { isSameText } from "../auth/same-text.ts";
import { ApiError } from "../http/api-error.ts";
import { checkAll } from "../http/check.ts";
import { answerMistakes } from "./answer-mistakes.ts";

/** For the reference page. */
export const TOKEN_OPERATION = {
  operation: "create_token",
  ours: "`POST /api/v1/tokens`",
  differs: "also as `/auth/token/cli`; the password may be an API token. `GET` gives one where nobody is asked for a login",
  method: "post",
  path: "/auth/token",
} as const;

export interface TokenRouteDeps {
  settings: AuthSettings;
  users: Pick<UserStore, "getUser">;
  tokens: Pick<TokenStore, "putToken" | "useToken" | "revokeTokens">;
  limit: Pick<LoginLimit, "attempt">;
  now(): number;
}

/** Who the credentials are. */
interface Holder {
  name: string;
  grants: readonly Grant[];
  /** A token that comes of another one ends with it. */
  expiresAt?: number | undefined;
}

const PATHS = ["/auth/token", "/auth/token/cli"];
const BODY_LIMIT = "16kb";
/** How long Airflow's own tokens live. */
const LIVES_MS = 24 * 3_600_000;
/** What these tokens are called among a person's others. */
const NAME = "airflow-login";
/** Where nobody is asked for a login, any will do. */
const NO_TOKEN = "not-needed";

/** Airflow's login for programs: a name and a password, or any name and an API token, for a token of a day. */
export function tokenRoutes(deps: TokenRouteDeps): Router {
  const { settings, limit } = deps;
  const router = Router();
  const parse = [express.json({ limit: BODY_LIMIT }), express.urlencoded({ extended: false, limit: BODY_LIMIT })];

  router.post(PATHS, ...parse, async (request, response) => {
    const [body] = checkAll([{ in: "body", schema: AirflowTokenBody, value: request.body ?? {} }]) as [
      z.output<typeof AirflowTokenBody>,
    ];
    noteChange(request, { what: "login", who: body.username, after: { mode: "airflow" } });
    await limit.attempt(request.ip ?? "", body.username);
    const holder = settings.modes.has("none") ? undefined : await holderOf(body, deps);
    const reply: z.infer<typeof AirflowTokenReply> = {
      access_token: holder === undefined ? NO_TOKEN : await issue(holder, deps),
    };
    response.status(201).set("Cache-Control", "no-store").json(reply);
  });

  router.get("/auth/token", allAdmins(settings));
  router.use("/auth/token", answerMistakes);
  return router;
}

/** As Airflow does where everybody is an admin. */
const allAdmins =
  ({ modes }: AuthSettings): RequestHandler =>
  (_request: Request, response) => {
    if (!modes.has("none")) throw new ApiError("WL_FORBIDDEN", "a token is given for a name and a password: POST /auth/token");
    response.status(201).json({ access_token: NO_TOKEN });
  };

/** @throws ApiError WL_AUTH */
async function holderOf({ username, password }: z.output<typeof AirflowTokenBody>, deps: TokenRouteDeps): Promise<Holder> {
  const { settings, users, tokens, now } = deps;
  const { token, login } = settings;
  if (token !== undefined && isSameText(password, token)) return { name: "token", grants: ADMIN };
  if (password.startsWith(TOKEN_PREFIX)) {
    const known = await tokens.useToken(password, now());
    if (known !== undefined) return { name: `${known.by}/${known.name}`, grants: known.grants, expiresAt: known.expiresAt };
  }
  const right = [isSameText(username, login?.user ?? ""), isSameText(password, login?.password ?? "")];
  if (login !== undefined && right.every(Boolean)) return { name: username, grants: ADMIN };
  if (settings.modes.has("password")) {
    const user = await users.getUser(username);
    const isRight = await isPassword(password, user?.passwordHash);
    if (user !== undefined && isRight) return user;
  }
  throw new ApiError("WL_AUTH", "name and password do not fit together");
}

async function issue({ name, grants, expiresAt }: Holder, { tokens, now }: TokenRouteDeps): Promise<string> {
  const at = now();
  // Nobody makes these by hand, so nobody would clear them away.
  await tokens.revokeTokens(one => one.name === NAME && (one.expiresAt ?? at) < at);
  const secret = `${TOKEN_PREFIX}${randomBytes(32).toString("base64url")}`;
  const ends = Math.min(at + LIVES_MS, expiresAt ?? Number.POSITIVE_INFINITY);
  await tokens.putToken(secret, { id: randomUUID(), name: NAME, by: name, grants, createdAt: at, expiresAt: ends });
  return secret;
}
