import { WindlassError } from "#core/errors.ts";

/** What the API server sends instead of the object. */
interface StatusBody {
  message?: string;
  reason?: string;
  details?: StatusDetails;
}

export interface StatusDetails {
  name?: string;
  kind?: string;
  causes?: readonly { field?: string; message?: string; reason?: string }[];
  retryAfterSeconds?: number;
}

/** Why there was no answer. Takes the place of the server's reason when `status` is 0. */
export type NoAnswer = "Network" | "Timeout" | "Tls" | "Credentials";

export interface KubeErrorFields {
  /** HTTP status; 0 when there was no answer. */
  status: number;
  reason: string;
  message: string;
  details?: StatusDetails;
  retryAfterMs?: number;
  cause?: unknown;
}

/** 500 is the server's word for defects and for bad moments; these are the bad moments. */
const BAD_MOMENTS: readonly RegExp[] = [
  /etcdserver: (leader changed|request timed out|too many requests)/,
  /resource quota evaluation timed out/,
  /failed calling webhook/,
];

const TRANSIENT_STATUS: ReadonlySet<number> = new Set([0, 408, 429, 502, 503, 504]);

/**
 * A call to the Kubernetes API that did not succeed. `message` is the server's own text.
 * Its code is WL_KUBE_AWAY when repeating may help, else WL_KUBE_REFUSED.
 */
export class KubeError extends WindlassError {
  readonly status: number;
  readonly reason: string;
  readonly details: StatusDetails;
  /** How long the server asked us to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(fields: KubeErrorFields) {
    super(isBadMoment(fields) ? "WL_KUBE_AWAY" : "WL_KUBE_REFUSED", fields.message, {
      evidence: fields.message,
      cause: fields.cause,
    });
    this.status = fields.status;
    this.reason = fields.reason;
    this.details = fields.details ?? {};
    this.retryAfterMs = fields.retryAfterMs;
  }

  /** From an answer that is no success. The body may be a Status, or plain text, or a proxy's HTML. */
  static fromResponse(status: number, headers: ResponseHeaders, body: string): KubeError {
    const parsed = parseStatus(body);
    const details = parsed.details ?? {};
    const retryAfterMs = parseRetryAfter(headers["retry-after"]) ?? secondsToMs(details.retryAfterSeconds);
    return new KubeError({
      status,
      reason: parsed.reason ?? `Http${status}`,
      message: parsed.message || `the API server answered ${status} without a text`,
      details,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }

  /** From the object of a watch's ERROR event. */
  static fromStatus(object: StatusBody & { code?: number }): KubeError {
    const retryAfterMs = secondsToMs(object.details?.retryAfterSeconds);
    return new KubeError({
      status: object.code ?? 500,
      reason: object.reason ?? "Unknown",
      message: object.message ?? "the watch ended with an error without a text",
      ...(object.details === undefined ? {} : { details: object.details }),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }

  /** For a call that got no answer. */
  static noAnswer(reason: NoAnswer, message: string, cause?: unknown): KubeError {
    return new KubeError({ status: 0, reason, message, cause });
  }

  /** The object does not exist. */
  get isGone(): boolean {
    return this.status === 404;
  }

  /** Another object of that name is there. */
  get isAlreadyExists(): boolean {
    return this.status === 409 && this.reason === "AlreadyExists";
  }

  /** A precondition (uid, resourceVersion) did not hold. */
  get isConflict(): boolean {
    return this.status === 409 && this.reason === "Conflict";
  }

  /** Two creates raced for the namespace's quota; the next one wins. */
  get isQuotaRace(): boolean {
    return this.isConflict && this.details.kind === "resourcequotas";
  }

  /** The namespace's quota is used up: waiting helps. */
  get isQuota(): boolean {
    return this.status === 403 && this.message.includes("exceeded quota:");
  }

  /** The resource version, or the token of a paged list, is older than the server's memory. */
  get isExpired(): boolean {
    return this.status === 410 || this.reason === "Expired" || this.reason === "Gone";
  }

  get isUnauthorized(): boolean {
    return this.status === 401;
  }

  /** Repeating the same call may help. */
  get isTransient(): boolean {
    return this.code === "WL_KUBE_AWAY";
  }

  /** Repeating the same call cannot help. */
  get isRejected(): boolean {
    return !this.isTransient;
  }

  /** The call may have been carried out although no success came back. 429 is the server's promise that it was not. */
  get isAmbiguous(): boolean {
    return this.status === 0 || this.status >= 500;
  }

  get isTls(): boolean {
    return this.reason === ("Tls" satisfies NoAnswer);
  }
}

const TLS_CODE = /^(ERR_TLS|ERR_SSL|UNABLE_TO_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|ERR_OSSL)/;
const TIMEOUT_CODE = /TIMEOUT|ETIMEDOUT/;

/** Any failure of the transport as a KubeError: what a socket, undici or node:http2 throws. A KubeError stays itself. */
export function noAnswerFrom(error: unknown): KubeError {
  if (error instanceof KubeError) return error;
  const { message, code }: NodeJS.ErrnoException = error instanceof Error ? error : new Error(String(error));
  const reason: NoAnswer = TLS_CODE.test(code ?? "") ? "Tls" : TIMEOUT_CODE.test(code ?? "") ? "Timeout" : "Network";
  return KubeError.noAnswer(reason, message || code || "the connection failed", error);
}

export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

function isBadMoment({ status, reason, details, message }: KubeErrorFields): boolean {
  if (TRANSIENT_STATUS.has(status)) return true;
  if (status === 409) return reason === "Conflict" && details?.kind === "resourcequotas";
  return status === 500 && BAD_MOMENTS.some(pattern => pattern.test(message));
}

function parseStatus(body: string): StatusBody {
  try {
    const value: unknown = JSON.parse(body);
    if (value !== null && typeof value === "object") return value as StatusBody;
  } catch {
    // Overload protection and proxies answer in plain text: the text is the message.
  }
  return { message: body.slice(0, 500).trim() };
}

const secondsToMs = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds * 1_000);

/** Retry-After: seconds, or a date. */
function parseRetryAfter(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.max(ms, 0) : undefined;
}
