import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { ConnectionOptions } from "node:tls";
import { WindlassError } from "#core/errors.ts";
import { askCredentials } from "./ask-credentials.ts";
import type { CredentialAnswer, TlsAnswer } from "./credential-answer.ts";
import { fileVersion } from "./file-version.ts";
import { KubeError } from "./kube-error.ts";

export interface CredentialOptions {
  /** Kubeconfig file, or several as KUBECONFIG lists them. Default: KUBECONFIG, ~/.kube/config, the pod's service account, in this order. */
  kubeconfig?: string | undefined;
  /** Context of the kubeconfig. Default: its current one. */
  context?: string | undefined;
  /** Replaces the cluster's server URL: the same cluster seen from another network. */
  server?: string | undefined;
  /** Stands before the paths of the pod's service account. Default: nothing. */
  root?: string | undefined;
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

/** Who we are to the API server. */
export interface CredentialSource {
  /** @throws KubeError `Credentials` when a plugin or a file fails; WL_KUBE_CONFIG when the configuration has become wrong */
  current(): Promise<Credentials>;
  /** The server refused them: the next `current` reads everything anew. Many callers refused with the same ones cause one reading. */
  reload(refused: Credentials): Promise<void>;
  close(): void;
}

export interface CredentialParts {
  ask?: typeof askCredentials;
  /** Instants in ms. Default: Date.now. */
  now?: () => number;
}

/** How long files are believed: the kubelet rotates service account tokens long before the old one ends. */
const LOOK_EVERY_MS = 60_000;
/** A token counts as ended this long before its end: it has to last for the way to the server. */
const EXPIRY_MARGIN_MS = 10_000;
/** When asking brought nothing new, it is not repeated sooner. */
const FRUITLESS_MS = 10_000;
/** Callers within this time after a failure share it. */
const FAILED_MS = 1_000;

/**
 * Reads the configuration.
 * @throws WL_KUBE_CONFIG when there is none, or it cannot be read
 */
export async function openCredentials(options: CredentialOptions, parts: CredentialParts = {}): Promise<CredentialSource> {
  const source = new AskedCredentials(options, parts);
  try {
    await source.current();
  } catch (error) {
    // A plugin that fails now may work later: that is for the first call to find out, and to repeat.
    if (!(error instanceof KubeError)) throw error;
  }
  return source;
}

interface Known {
  answer: CredentialAnswer;
  credentials: Credentials;
  askedAt: number;
  lookedAt: number;
}

/**
 * Asks seldom, because it starts a process: at first, when the token ends, when a file was changed, and when the server refuses us.
 * A rotated token file is read here.
 */
class AskedCredentials implements CredentialSource {
  readonly #options: CredentialOptions;
  readonly #ask: typeof askCredentials;
  readonly #now: () => number;
  readonly #stop = new AbortController();
  #known: Known | undefined;
  #reading: Promise<Credentials> | undefined;
  #failure: { error: unknown; at: number } | undefined;
  #refused: Credentials | undefined;
  #fruitlessAt = Number.NEGATIVE_INFINITY;

  constructor(options: CredentialOptions, { ask = askCredentials, now = Date.now }: CredentialParts) {
    this.#options = options;
    this.#ask = ask;
    this.#now = now;
  }

  async current(): Promise<Credentials> {
    if (this.#reading !== undefined) return this.#reading;
    const known = this.#known;
    if (known !== undefined && !this.#hasEnded(known) && this.#now() - known.lookedAt < LOOK_EVERY_MS) return known.credentials;
    if (this.#failure !== undefined && this.#now() - this.#failure.at < FAILED_MS) throw this.#failure.error;
    this.#reading = this.#read(known).finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async reload(refused: Credentials): Promise<void> {
    // Its failure is for those who wait for credentials.
    await this.#reading?.catch(() => undefined);
    if (this.#known === undefined || this.#known.credentials !== refused) return;
    if (this.#now() - this.#fruitlessAt < FRUITLESS_MS) return;
    this.#refused = refused;
    this.#known = undefined;
  }

  close(): void {
    this.#stop.abort(new Error("the connection to the API server was closed"));
  }

  async #read(known: Known | undefined): Promise<Credentials> {
    try {
      if (known === undefined || this.#hasEnded(known) || (await hasChanged(known.answer.files))) return await this.#askAnew();
      const headers = await headersOf(known.answer);
      if (headers.Authorization !== known.credentials.headers.Authorization)
        known.credentials = { ...known.credentials, headers };
      known.lookedAt = this.#now();
      return known.credentials;
    } catch (error) {
      const failure = error instanceof WindlassError ? error : unreadable(error);
      this.#failure = { error: failure, at: this.#now() };
      throw failure;
    }
  }

  async #askAnew(): Promise<Credentials> {
    const answer = await this.#ask(this.#options, this.#stop.signal);
    const credentials = credentialsOf(answer);
    const now = this.#now();
    if (this.#refused !== undefined && isSame(this.#refused, credentials)) this.#fruitlessAt = now;
    this.#refused = undefined;
    this.#known = { answer, credentials, askedAt: now, lookedAt: now };
    return credentials;
  }

  /** A clock that is wrong makes every token look ended: they are used all the same. */
  #hasEnded({ answer: { expiresAt }, askedAt }: Known): boolean {
    const now = this.#now();
    return expiresAt !== undefined && now > expiresAt - EXPIRY_MARGIN_MS && now - askedAt >= FRUITLESS_MS;
  }
}

async function hasChanged(files: CredentialAnswer["files"]): Promise<boolean> {
  const versions = await Promise.all(Object.keys(files).map(async path => (await fileVersion(path)) === files[path]));
  return versions.includes(false);
}

async function headersOf({ headers, tokenFile }: CredentialAnswer): Promise<Credentials["headers"]> {
  if (tokenFile === undefined) return headers;
  return { ...headers, Authorization: `Bearer ${(await readFile(tokenFile, "utf8")).trim()}` };
}

const unreadable = (error: unknown): KubeError =>
  KubeError.noAnswer("Credentials", `cannot get credentials: ${error instanceof Error ? error.message : error}`, error);

function credentialsOf({ server, proxyUrl, headers, tls }: CredentialAnswer): Credentials {
  const parts = [server, proxyUrl ?? "", ...Object.values(tls)];
  const fingerprint = createHash("sha256").update(JSON.stringify(parts)).digest("base64");
  return { server: new URL(server), proxyUrl, headers, tls: materialOf(tls), fingerprint };
}

function materialOf({ passphrase, servername, rejectUnauthorized, ...encoded }: TlsAnswer): TlsMaterial {
  const bytes = Object.entries(encoded).map(([name, base64]) => [name, Buffer.from(base64, "base64")]);
  return {
    ...(Object.fromEntries(bytes) as Pick<TlsMaterial, "ca" | "cert" | "key" | "pfx">),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(servername === undefined ? {} : { servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  };
}

const isSame = (a: Credentials, b: Credentials): boolean =>
  a.fingerprint === b.fingerprint && JSON.stringify(a.headers) === JSON.stringify(b.headers);
