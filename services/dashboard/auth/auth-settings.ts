import type { BlockList } from "node:net";
import { z } from "zod";
import { WindlassError } from "#core/errors.ts";
import { isLoopback } from "../loopback.ts";
import { RightsTable } from "./rights-table.ts";
import { parseAddresses } from "./trusted-addresses.ts";

/** How people and programs log in. API tokens are taken beside every one but "none". */
const AUTH_MODES = ["none", "token", "password", "oidc", "proxy"] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

/** Who may use the dashboard, and how it finds out. */
export interface AuthSettings {
  modes: ReadonlySet<AuthMode>;
  /** The installation's own token: `Authorization: Bearer <token>`. Also taken as the password of HTTP Basic when nothing else is set up for browsers. */
  token?: string | undefined;
  /** One person by HTTP Basic. */
  login?: { user: string; password: string } | undefined;
  oidc?: OidcSettings | undefined;
  proxy?: { header: string; groupsHeader: string | undefined } | undefined;
  /** Of those that "oidc" and "proxy" let in. */
  rights: RightsTable;
  /** Whose word about the client's address, about TLS and about who is logged in counts. */
  proxies?: BlockList | undefined;
  /** Where people see the dashboard; absent: where it listens. */
  baseUrl?: string | undefined;
  /** Of one caller; 0: without limit. */
  writesPerMinute: number;
}

export interface OidcSettings {
  issuer: string;
  clientId: string;
  clientSecret: string | undefined;
  scopes: string;
  nameClaim: string;
  groupsClaim: string;
}

const Modes = z
  .string()
  .transform(text => text.split(",").map(name => name.trim()))
  .pipe(z.array(z.enum(AUTH_MODES)).min(1));

const Addresses = z.string().transform((text, context) => {
  const list = parseAddresses(text);
  if (list === undefined) context.addIssue("must be addresses and networks: 10.0.0.0/8,127.0.0.1");
  return list ?? z.NEVER;
});

const Json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    context.addIssue(`is no JSON: ${(error as Error).message}`);
    return z.NEVER;
  }
});

/** The variables that say who may use the dashboard. */
export const authSettings = {
  WINDLASS_AUTH: Modes.optional().describe(
    "How to log in: none (this machine only), token, password, oidc, proxy; several with commas. Default: token if WINDLASS_TOKEN or WINDLASS_USER is set, else none",
  ),
  WINDLASS_TOKEN: z.string().min(16).optional().describe("Bearer token of programs; as a password it lets browsers in too"),
  WINDLASS_USER: z.string().min(1).optional().describe("Name for a browser's login"),
  WINDLASS_PASSWORD: z.string().min(8).optional().describe("Password for a browser's login"),
  WINDLASS_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where people see the dashboard: https://windlass.example.com"),
  WINDLASS_TRUSTED_PROXIES: Addresses.optional().describe(
    "Addresses and networks of proxies whose X-Forwarded headers count, with commas",
  ),
  WINDLASS_PROXY_HEADER: z
    .string()
    .min(1)
    .default("X-Forwarded-User")
    .describe("Header in which a trusted proxy names who is logged in"),
  WINDLASS_PROXY_GROUPS_HEADER: z
    .string()
    .min(1)
    .optional()
    .describe("Header in which it names the person's groups, with commas"),
  WINDLASS_RIGHTS: Json.pipe(RightsTable)
    .prefault("{}")
    .describe(
      'Rights of who comes by oidc or proxy, as JSON: {"groups": {"data": [{"role": "operator", "dags": {"tags": ["etl"]}}]}}',
    ),
  WINDLASS_OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("The identity provider; http only on this machine"),
  WINDLASS_OIDC_CLIENT_ID: z.string().min(1).optional().describe("Our id there"),
  WINDLASS_OIDC_CLIENT_SECRET: z.string().min(1).optional().describe("Our secret there; absent: a public client"),
  WINDLASS_OIDC_SCOPES: z.string().default("openid profile email").describe("What to ask for"),
  WINDLASS_OIDC_NAME_CLAIM: z.string().default("preferred_username").describe("The claim that is the person's name here"),
  WINDLASS_OIDC_GROUPS_CLAIM: z.string().default("groups").describe("The claim with the person's groups"),
  WINDLASS_WRITES_PER_MINUTE: z.coerce.number().int().min(0).default(6_000).describe("Writes of one caller; 0 is without limit"),
};

type AuthVariables = z.output<z.ZodObject<typeof authSettings>>;

/** @throws {WindlassError} WL_CONFIG when the variables contradict each other */
export function authOf(config: AuthVariables): AuthSettings {
  const { WINDLASS_TOKEN: token, WINDLASS_USER: user, WINDLASS_PASSWORD: password } = config;
  const login = user === undefined || password === undefined ? undefined : { user, password };
  const modes = new Set<AuthMode>(config.WINDLASS_AUTH ?? [token === undefined && login === undefined ? "none" : "token"]);
  const settings: AuthSettings = {
    modes,
    token,
    login,
    oidc: modes.has("oidc") ? oidcOf(config) : undefined,
    proxy: modes.has("proxy")
      ? { header: config.WINDLASS_PROXY_HEADER, groupsHeader: config.WINDLASS_PROXY_GROUPS_HEADER }
      : undefined,
    rights: config.WINDLASS_RIGHTS,
    proxies: config.WINDLASS_TRUSTED_PROXIES,
    baseUrl: config.WINDLASS_BASE_URL?.replace(/\/+$/, ""),
    writesPerMinute: config.WINDLASS_WRITES_PER_MINUTE,
  };
  const mistake = MISTAKES.find(({ when }) => when(settings));
  if (mistake !== undefined) throw new WindlassError("WL_CONFIG", mistake.says);
  return settings;
}

const MISTAKES: readonly { when(settings: AuthSettings): boolean; says: string }[] = [
  {
    when: ({ modes, token, login }) => modes.has("none") && (modes.size > 1 || token !== undefined || login !== undefined),
    says: "WINDLASS_AUTH=none asks nobody for a login: take it out, or the other modes and WINDLASS_TOKEN, WINDLASS_USER",
  },
  {
    when: ({ modes, token, login }) => modes.has("token") && token === undefined && login === undefined,
    says: "WINDLASS_AUTH=token needs WINDLASS_TOKEN, or WINDLASS_USER and WINDLASS_PASSWORD",
  },
  {
    when: ({ modes, proxies }) => modes.has("proxy") && proxies === undefined,
    says: "WINDLASS_AUTH=proxy needs WINDLASS_TRUSTED_PROXIES: anybody else could write the header",
  },
  {
    when: ({ modes, baseUrl }) => modes.has("oidc") && baseUrl === undefined,
    says: "WINDLASS_AUTH=oidc needs WINDLASS_BASE_URL: the provider sends people back there",
  },
];

function oidcOf(config: AuthVariables): OidcSettings {
  const { WINDLASS_OIDC_ISSUER: issuer, WINDLASS_OIDC_CLIENT_ID: clientId } = config;
  if (issuer === undefined || clientId === undefined)
    throw new WindlassError("WL_CONFIG", "WINDLASS_AUTH=oidc needs WINDLASS_OIDC_ISSUER and WINDLASS_OIDC_CLIENT_ID");
  const { protocol, hostname } = new URL(issuer);
  if (protocol === "http:" && !isLoopback(hostname.replace(/^\[|\]$/g, "")))
    throw new WindlassError("WL_CONFIG", `WINDLASS_OIDC_ISSUER is '${issuer}': beyond this machine it must be https`);
  return {
    issuer,
    clientId,
    clientSecret: config.WINDLASS_OIDC_CLIENT_SECRET,
    scopes: config.WINDLASS_OIDC_SCOPES,
    nameClaim: config.WINDLASS_OIDC_NAME_CLAIM,
    groupsClaim: config.WINDLASS_OIDC_GROUPS_CLAIM,
  };
}

/** Throws WL_CONFIG when the settings would let strangers in. */
export function assertGuarded(host: string, { modes }: Pick<AuthSettings, "modes">): void {
  if (!modes.has("none") || isLoopback(host)) return;
  throw new WindlassError(
    "WL_CONFIG",
    `the dashboard would listen on ${host} without a login: set WINDLASS_TOKEN, or WINDLASS_USER and WINDLASS_PASSWORD, or WINDLASS_AUTH, or WINDLASS_HOST=127.0.0.1`,
  );
}
