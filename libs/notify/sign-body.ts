import { createHmac } from "node:crypto";

const PREFIX = "whsec_";

/**
 * The headers of a webhook as standardwebhooks.com has them: a receiver takes id, timestamp (seconds) and body, joined by dots, and compares
 * the HMAC-SHA256. The key is base64 behind "whsec_", or any text as it is.
 */
export function signBody(id: string, at: number, body: string, key: string | undefined): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  const head = { "webhook-id": id, "webhook-timestamp": timestamp, "idempotency-key": id };
  if (key === undefined) return head;
  const secret = key.startsWith(PREFIX) ? Buffer.from(key.slice(PREFIX.length), "base64") : key;
  const digest = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`).digest("base64");
  return { ...head, "webhook-signature": `v1,${digest}` };
}
