import type { HttpRequest } from "#core/http-request.ts";

/** An answer, whatever its status. */
export interface HttpAnswer {
  status: number;
  body: string;
}

export interface SendOptions {
  /** The value of an account's Authorization header; undefined: there is no such account. */
  authorization(account: string): string | undefined;
  /** For a server that knows repetitions: the same for every repetition of a try. */
  idempotencyKey: string;
  /** The most that is read of a body. */
  mostBytes: number;
}

/** The answer's body is longer than what may be read of it. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/** Nobody answered: a name that is none, a connection that broke, a time that was up. `message` holds no part of the request but its host. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

/** The request names an account that the workers do not have. */
export class UnknownAccount extends Error {
  override readonly name = "UnknownAccount";
}

const DEFAULT_TIMEOUT_MS = 30_000;

/** The address as it may be shown: queries and passwords stay out of records. */
export function shownUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? "the address" : `${parsed.origin}${parsed.pathname}`;
}

/** Whether the status counts as a success of the request. */
export const isOk = ({ okStatus }: HttpRequest, status: number): boolean =>
  okStatus === undefined ? status >= 200 && status < 300 : okStatus.includes(status);

/**
 * Sends the request once. Repeating is the task's matter: its retries, or its next look.
 * @throws NoAnswer, BodyTooLarge, UnknownAccount, or the signal's reason
 */
export async function sendRequest(request: HttpRequest, signal: AbortSignal, options: SendOptions): Promise<HttpAnswer> {
  const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const { body, type } = bodyOf(request.body);
  const headers = new Headers({
    ...(type === undefined ? {} : { "content-type": type }),
    "idempotency-key": options.idempotencyKey,
    ...request.headers,
    ...authorizationOf(request, options),
  });
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await fetch(request.url, {
      method: request.method ?? "GET",
      headers,
      signal: AbortSignal.any([signal, timeout]),
      ...(body === undefined ? {} : { body }),
    });
    return { status: answer.status, body: await readUpTo(answer, options.mostBytes) };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof BodyTooLarge) throw error;
    throw new NoAnswer(timeout.aborted ? `no answer within ${timeoutMs} ms` : whyOf(error), { cause: error });
  }
}

function bodyOf(body: unknown): { body?: string; type?: string } {
  if (body === undefined) return {};
  return typeof body === "string" ? { body } : { body: JSON.stringify(body), type: "application/json" };
}

function authorizationOf({ account }: HttpRequest, { authorization }: SendOptions): Record<string, string> {
  if (account === undefined) return {};
  const value = authorization(account);
  if (value === undefined) throw new UnknownAccount(`the workers have no WINDLASS_HTTP_AUTH_${account}`);
  return { authorization: value };
}

async function readUpTo(answer: Response, mostBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    // Leaving the loop cancels what would still come.
    if (bytes > mostBytes) throw new BodyTooLarge(`more than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** fetch says only that it failed; its cause says why. */
function whyOf(error: unknown): string {
  const { cause, message } = error as Error;
  const { code, message: inner } = (cause ?? {}) as NodeJS.ErrnoException;
  return code ?? inner ?? message;
}
