// The child: reads a CredentialQuestion from its standard input, answers with a CredentialReply, and ends. client-node knows the many
// ways to be somebody to a cluster, and takes 90 MB for it, which a process that holds pods for months need not pay.
import type { RequestOptions } from "node:https";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeConfig, User } from "@kubernetes/client-node";
import { WindlassError } from "#core/errors.ts";
import type { CredentialAnswer, CredentialQuestion, CredentialReply, TlsAnswer } from "./credential-answer.ts";
import { fileVersion } from "./file-version.ts";
import { loadKubeconfig } from "./load-kubeconfig.ts";

/** A credential plugin is a program: it may hang. */
const PLUGIN_TIMEOUT_MS = 30_000;

async function replyTo(question: CredentialQuestion): Promise<CredentialReply> {
  try {
    return { answer: await answer(question) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof WindlassError && error.code === "WL_KUBE_CONFIG" ? error.code : "Credentials";
    return { error: { code, message } };
  }
}

async function answer(question: CredentialQuestion): Promise<CredentialAnswer> {
  const { config, cluster, files } = loadKubeconfig(question);
  const user = config.getCurrentUser();
  const read = [...files, cluster.caFile, user?.certFile, user?.keyFile].filter(path => typeof path === "string");
  // Before they are read: what is written meanwhile is a change, and noticed at the next look.
  const versions = await Promise.all(read.map(async path => [path, await fileVersion(path)] as const));

  const options: RequestOptions = {};
  await Promise.race([config.applyToHTTPSOptions(options), tooLate()]);
  const headers = { ...options.headers, ...basicAuth(options.auth) };
  const sent = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value).trim()]]));
  const tokenFile: unknown = user?.authProvider?.config?.tokenFile;
  const expiresAt = tokenEnd(config, user, options.headers);
  return {
    server: cluster.server,
    ...(cluster.proxyUrl ? { proxyUrl: cluster.proxyUrl } : {}),
    headers: Object.fromEntries(sent),
    tls: tlsOf(options),
    ...(typeof tokenFile === "string" ? { tokenFile } : {}),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    files: Object.fromEntries(versions),
  };
}

async function tooLate(): Promise<never> {
  await sleep(PLUGIN_TIMEOUT_MS, undefined, { ref: false });
  throw new Error(`no answer within ${PLUGIN_TIMEOUT_MS} ms`);
}

const basicAuth = (auth: string | null | undefined) =>
  auth === undefined || auth === null ? {} : { Authorization: `Basic ${Buffer.from(auth).toString("base64")}` };

function tlsOf(options: RequestOptions): TlsAnswer {
  const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = options;
  const bytes = Object.entries({ ca, cert, key, pfx }).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, Buffer.from(value as string | Buffer).toString("base64")]],
  );
  return {
    ...Object.fromEntries(bytes),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(servername === undefined ? {} : { servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}

/** When a token that can be had anew ends: what its plugin said, else what the token says of itself. */
function tokenEnd(config: KubeConfig, user: User | null, headers: RequestOptions["headers"]): number | undefined {
  if (!user?.exec && !user?.authProvider) return undefined;
  const end = pluginSays(config, user.name) ?? tokenSays(String(Object(headers).Authorization ?? ""));
  return end !== undefined && Number.isFinite(end) ? end : undefined;
}

/** client-node keeps what a plugin printed, and shows only the token. */
interface PluginCache {
  tokenCache?: Readonly<Record<string, { status?: { expirationTimestamp?: string } } | null>>;
}

function pluginSays(config: KubeConfig, userName: string): number | undefined {
  const { authenticators = [] } = config as unknown as { authenticators?: readonly PluginCache[] };
  const printed = authenticators.map(({ tokenCache }) => tokenCache?.[userName]?.status?.expirationTimestamp);
  const stamp = printed.find(text => text !== undefined);
  return stamp === undefined ? undefined : Date.parse(stamp);
}

function tokenSays(authorization: string): number | undefined {
  const [, payload] = authorization.split(".");
  if (payload === undefined) return undefined;
  try {
    const { exp } = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as { exp?: number };
    return exp === undefined ? undefined : exp * 1_000;
  } catch {
    // Dots do not make a JWT: an opaque token does not say when it ends.
    return undefined;
  }
}

const reply = await replyTo(JSON.parse(await text(process.stdin)) as CredentialQuestion);
// A plugin that hangs must not keep the process alive.
process.stdout.write(JSON.stringify(reply), () => process.exit(0));
