import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectionOptions } from "node:tls";
import { KubeConfig } from "@kubernetes/client-node";
import { WindlassError } from "#core/errors.ts";
import { KubeError } from "./kube-error.ts";

export interface CredentialOptions {
  /** Path of a kubeconfig file. Default: KUBECONFIG, ~/.kube/config, the pod's service account, in this order. */
  kubeconfig?: string;
  /** Context of the kubeconfig. Default: its current one. */
  context?: string;
  /** Replaces the cluster's server URL: the same cluster seen from another network. */
  server?: string;
}

export type TlsMaterial = Pick<
  ConnectionOptions,
  "ca" | "cert" | "key" | "pfx" | "passphrase" | "servername" | "rejectUnauthorized"
>;

export interface Credentials {
  server: URL;
  proxyUrl: string | undefined;
  headers: Readonly<Record<string, string>>;
  tls: TlsMaterial;
  /** Changes when connections have to be made anew: other server, proxy or TLS material. */
  fingerprint: string;
}

const SERVICE_ACCOUNT_TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** Service account tokens are rotated on disk; the kubelet does it long before the old one ends. */
const FRESH_MS = 30_000;
/** A credential plugin is a program: it may hang. */
const PLUGIN_TIMEOUT_MS = 30_000;

/** Who we are to the API server. client-node knows the many ways; this keeps its answer for 30 s and asks once for many callers. */
export class CredentialSource {
  readonly #options: CredentialOptions;
  #config: KubeConfig;
  #cached: { credentials: Promise<Credentials>; readAt: number } | undefined;

  private constructor(options: CredentialOptions, config: KubeConfig) {
    this.#options = options;
    this.#config = config;
  }

  /** @throws WL_KUBE_CONFIG when there is no configuration, or it cannot be read */
  static open(options: CredentialOptions): CredentialSource {
    return new CredentialSource(options, loadConfig(options));
  }

  /** @throws KubeError `Credentials` when a plugin or a file fails */
  current(): Promise<Credentials> {
    if (this.#cached === undefined || Date.now() - this.#cached.readAt > FRESH_MS) {
      const reading = { credentials: readCredentials(this.#config), readAt: Date.now() };
      this.#cached = reading;
      reading.credentials.catch(() => {
        // The caller gets the error; the next one shall ask again.
        if (this.#cached === reading) this.#cached = undefined;
      });
    }
    return this.#cached.credentials;
  }

  /** Reads everything anew. Many callers refused with the same credentials cause one reload. */
  async reload(refused: Credentials): Promise<void> {
    const cached = await this.#cached?.credentials;
    if (cached !== undefined && cached !== refused) return;
    this.#cached = undefined;
    this.#config = loadConfig(this.#options);
  }
}

function loadConfig(options: CredentialOptions): KubeConfig {
  const places = options.kubeconfig === undefined ? defaultPlaces() : [options.kubeconfig];
  if (!places.some(existsSync)) {
    throw new WindlassError("WL_KUBE_CONFIG", `no Kubernetes configuration found; looked at ${places.join(", ")}`);
  }
  const config = new KubeConfig();
  try {
    if (options.kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(options.kubeconfig);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new WindlassError("WL_KUBE_CONFIG", `the Kubernetes configuration cannot be read: ${text}`, { cause: error });
  }
  if (options.context !== undefined) config.setCurrentContext(options.context);
  return adjustCluster(config, options);
}

/** Where loadFromDefault looks, for the message and to notice that there is nothing: it would assume a server on localhost. */
function defaultPlaces(): string[] {
  const listed = process.env.KUBECONFIG?.split(delimiter).filter(path => path !== "") ?? [];
  return listed.length > 0 ? listed : [join(homedir(), ".kube", "config"), SERVICE_ACCOUNT_TOKEN];
}

function adjustCluster(config: KubeConfig, options: CredentialOptions): KubeConfig {
  const current = config.getCurrentCluster();
  if (current === null) {
    const names = config.getContexts().map(context => context.name);
    const list = names.length > 0 ? names.join(", ") : "none";
    throw new WindlassError("WL_KUBE_CONFIG", `context '${config.getCurrentContext()}' names no cluster; contexts: ${list}`);
  }
  const server = options.server ?? current.server;
  if (!URL.canParse(server)) throw new WindlassError("WL_KUBE_CONFIG", `'${server}' is not a URL of an API server`);
  // client-node refuses plain http unless verification is switched off; here the URL alone decides.
  const adjusted = { ...current, server, skipTLSVerify: current.skipTLSVerify || server.startsWith("http:") };
  config.clusters = config.clusters.map(cluster => (cluster.name === current.name ? adjusted : cluster));
  return config;
}

async function readCredentials(config: KubeConfig): Promise<Credentials> {
  const options: RequestOptions = {};
  try {
    await Promise.race([config.applyToHTTPSOptions(options), tooLate()]);
  } catch (error) {
    throw KubeError.noAnswer("Credentials", `cannot get credentials: ${error instanceof Error ? error.message : error}`, error);
  }
  const cluster = config.getCurrentCluster()!;
  const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = options;
  const tls = definedOnly({ ca, cert, key, pfx, passphrase, servername, rejectUnauthorized }) as TlsMaterial;
  const headers = definedOnly({ ...options.headers, ...basicAuth(options.auth) }) as Record<string, string>;
  return {
    server: new URL(cluster.server),
    proxyUrl: cluster.proxyUrl,
    headers,
    tls,
    fingerprint: fingerprintOf([cluster.server, cluster.proxyUrl ?? "", ...Object.values(tls)]),
  };
}

async function tooLate(): Promise<never> {
  await sleep(PLUGIN_TIMEOUT_MS, undefined, { ref: false });
  throw new Error(`no answer within ${PLUGIN_TIMEOUT_MS} ms`);
}

const definedOnly = (record: object): object =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

const basicAuth = (auth: string | null | undefined) =>
  auth === undefined || auth === null ? {} : { Authorization: `Basic ${Buffer.from(auth).toString("base64")}` };

function fingerprintOf(parts: readonly unknown[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(Buffer.isBuffer(part) ? part : String(part)).update("\0");
  return hash.digest("base64");
}
