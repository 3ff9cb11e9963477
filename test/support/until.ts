/**
 * Polls every 5 ms until the condition holds and returns its value. Fails after `deadlineMs` (default 5 s) with `what` in the message, also
 * when the condition itself gives no answer.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { deadlineMs = 5_000, what = "the condition" }: { deadlineMs?: number; what?: string } = {},
): Promise<NonNullable<T>> {
  const end = performance.now() + deadlineMs;
  const late = Promise.withResolvers<never>();
  late.promise.catch(() => undefined);
  const timer = setTimeout(() => late.reject(new Error(`${what}: no answer within ${deadlineMs} ms`)), deadlineMs + 1_000);
  try {
    for (;;) {
      const value = await Promise.race([condition(), late.promise]);
      if (value) return value;
      if (performance.now() > end) throw new Error(`${what} did not come true within ${deadlineMs} ms`);
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  } finally {
    clearTimeout(timer);
  }
}
