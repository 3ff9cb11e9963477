import { DeliveryError } from "./delivery-error.ts";

const TIMEOUT_MS = 15_000;

/** Answers that may be others in a while, besides 500 and above. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429]);

/** Posts a JSON text once. @param what names the receiver in messages @throws DeliveryError */
export async function postJson(
  what: string,
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "user-agent": "windlass", ...headers },
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
      // A receiver that has moved has to be told of by its new address: a signed body is not handed on.
      redirect: "manual",
    });
  } catch (error) {
    const { cause } = error as { cause?: NodeJS.ErrnoException };
    throw new DeliveryError(`${what} did not answer (${cause?.code ?? (error as Error).name})`, { cause: error });
  }
  await answer.body?.cancel();
  if (answer.ok) return;
  throw new DeliveryError(`${what} answered ${answer.status}`, { permanent: answer.status < 500 && !PASSING.has(answer.status) });
}
