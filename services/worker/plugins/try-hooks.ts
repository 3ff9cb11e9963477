import type { TryKey } from "#core/ids.ts";
import type { PodRef } from "#core/outcome.ts";
import type { HookEvent, HookName, Hooks } from "./hooks.ts";

/** The hooks of one try, in the order of its life: the next is called when all plugins are through with the one before. */
export class TryHooks {
  readonly #hooks: Hooks;
  readonly #key: TryKey;
  readonly #now: () => number;
  #tail: Promise<void> = Promise.resolve();
  #started = false;

  constructor(hooks: Hooks, key: TryKey, now: () => number) {
    this.#hooks = hooks;
    this.#key = key;
    this.#now = now;
  }

  created(pod: PodRef): void {
    this.#emit("onPodCreated", { ...this.#key, pod, at: this.#now() });
  }

  /** May be called for every change: the hook hears of the first. */
  started(pod: PodRef): void {
    if (this.#started) return;
    this.#started = true;
    this.#emit("onPodStarted", { ...this.#key, pod, at: this.#now() });
  }

  ended(how: Omit<HookEvent<"onPodEnded">, keyof TryKey | "at">): void {
    this.#emit("onPodEnded", { ...this.#key, ...how, at: this.#now() });
  }

  /** Resolves when everything that was to be told is told. Never rejects. */
  settled(): Promise<void> {
    return this.#tail;
  }

  #emit<N extends HookName>(name: N, event: HookEvent<N>): void {
    this.#tail = this.#tail.then(() => this.#hooks.call(name, event));
  }
}
