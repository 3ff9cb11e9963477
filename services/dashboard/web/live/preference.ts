import { type Observable, observable } from "./observable.ts";

/** A choice that this browser remembers. What is stored and no choice (any more) counts as `fallback`. */
export function preference<T extends string>(name: string, choices: readonly T[], fallback: T): Observable<T> {
  const key = `windlass.${name}`;
  const stored = localStorage.getItem(key);
  const value = observable<T>(choices.find(choice => choice === stored) ?? fallback);
  return {
    ...value,
    set(next) {
      localStorage.setItem(key, next);
      value.set(next);
    },
  };
}
