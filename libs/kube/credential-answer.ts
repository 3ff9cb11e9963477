import type { CredentialOptions } from "./credentials.ts";

/** What the child reads from its standard input, as JSON. */
export type CredentialQuestion = CredentialOptions;

/** What the child writes to its standard output, as JSON. */
export type CredentialReply =
  | { answer: CredentialAnswer }
  /** WL_KUBE_CONFIG: there is no configuration, or it is wrong. Credentials: a plugin or a file failed, and may work later. */
  | { error: { code: "WL_KUBE_CONFIG" | "Credentials"; message: string } };

/** Everything that client-node knows of us and the cluster. */
export interface CredentialAnswer {
  server: string;
  proxyUrl?: string;
  headers: Readonly<Record<string, string>>;
  tls: TlsAnswer;
  /** Holds the bearer token, and is rotated in place. */
  tokenFile?: string;
  /** When the token ends, in ms; absent: nobody says so. */
  expiresAt?: number;
  /** The files that were read, with what told their versions apart; see {@link fileVersion}. */
  files: Readonly<Record<string, string>>;
}

/** `ca`, `cert`, `key` and `pfx` are base64 of what the files hold. */
export interface TlsAnswer {
  ca?: string;
  cert?: string;
  key?: string;
  pfx?: string;
  passphrase?: string;
  servername?: string;
  rejectUnauthorized?: boolean;
}
