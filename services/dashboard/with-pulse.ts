/** The items of a source, and a "pulse" whenever none has come for `everyMs`. */
export async function* withPulse<T>(source: AsyncIterable<T>, everyMs: number): AsyncGenerator<T | "pulse", void, undefined> {
  const items = source[Symbol.asyncIterator]();
  let next = items.next();
  try {
    for (;;) {
      const item = await beforePulse(next, everyMs);
      if (item === "pulse") {
        yield item;
        continue;
      }
      if (item.done === true) return;
      yield item.value;
      next = items.next();
    }
  } finally {
    await items.return?.();
  }
}

/** What is waited for, or "pulse" when it has not come within the time. */
export function beforePulse<T>(next: Promise<T>, afterMs: number): Promise<T | "pulse"> {
  const pulse = Promise.withResolvers<"pulse">();
  const timer = setTimeout(() => pulse.resolve("pulse"), afterMs);
  return Promise.race([next, pulse.promise]).finally(() => clearTimeout(timer));
}
