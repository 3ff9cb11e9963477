/** Polls every 5 ms until the condition holds and returns its value. Fails after `deadlineMs` (default 5 s) with `what` in the message. */
export async function until<T>(
  condition: () => T | Promise<T>,
  { deadlineMs = 5_000, what = "the condition" }: { deadlineMs?: number; what?: string } = {},
): Promise<NonNullable<T>> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (performance.now() > end) throw new Error(`${what} did not come true within ${deadlineMs} ms`);
    await new Promise(resolve => setTimeout(resolve, 5));
  }
}
