const CODES = new Set(["ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"]);

/** ioredis has no codes for these. */
const TEXTS = [
  /^Stream isn't writeable/,
  /^Connection is closed/,
  /^Command timed out/,
  /^Reached the max retries per request/,
  /^(LOADING|MASTERDOWN|CLUSTERDOWN|READONLY) /,
];

/** The error says that Redis cannot be reached or cannot serve now; the same request may work in a moment. */
export const isRedisAway = (error: unknown): boolean =>
  error instanceof Error &&
  (CODES.has((error as NodeJS.ErrnoException).code ?? "") || TEXTS.some(text => text.test(error.message)));
