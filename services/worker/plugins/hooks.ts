import type { Logger } from "#runtime/logger.ts";
import type { Plugin } from "#sdk/plugin.ts";

export type HookName = "onPodCreated" | "onPodStarted" | "onPodEnded" | "onLogLine";

/** What a hook hears, but for the signal that goes with each call. */
export type HookEvent<N extends HookName> = Omit<Parameters<NonNullable<Plugin[N]>>[0], "signal">;

export interface HooksOptions {
  plugins: readonly Plugin[];
  log: Logger;
  /** How long one call may take. Default: 2 s. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 2_000;
/** A hook that fails at every pod must not fill the log. */
const REPEAT_MS = 10_000;

/** Calls the plugins' hooks. A call never throws and never takes longer than its time; its failure is logged and forgotten. */
export class Hooks {
  readonly #options: HooksOptions;
  /** By plugin and hook: when its last failure was logged, and how many came since. */
  readonly #failures = new Map<string, { at: number; more: number }>();

  constructor(options: HooksOptions) {
    this.#options = options;
  }

  /** Those that have the hook. */
  having(name: HookName): readonly Plugin[] {
    return this.#options.plugins.filter(plugin => plugin[name] !== undefined);
  }

  /** Resolves when every plugin has heard the event, or had its time. */
  async call<N extends HookName>(name: N, event: HookEvent<N>): Promise<void> {
    await Promise.all(this.having(name).map(plugin => this.callOne(plugin, name, event)));
  }

  async callOne<N extends HookName>(plugin: Plugin, name: N, event: HookEvent<N>): Promise<void> {
    const abort = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    try {
      // The compiler cannot follow that the hook of this name takes the event of this name.
      const hook = plugin[name] as (event: object) => unknown;
      const answer = hook.call(plugin, { ...event, signal: abort.signal });
      if (!isThenable(answer)) return;
      const { timeoutMs = TIMEOUT_MS } = this.#options;
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`took longer than ${timeoutMs} ms`)), timeoutMs);
      });
      await Promise.race([answer, late]);
    } catch (err) {
      abort.abort(err);
      this.#failed(`${plugin.name} ${name}`, { plugin: plugin.name, hook: name, err });
    } finally {
      clearTimeout(timer);
    }
  }

  #failed(key: string, details: object): void {
    const now = performance.now();
    const known = this.#failures.get(key);
    if (known !== undefined && now - known.at < REPEAT_MS) {
      known.more++;
      return;
    }
    this.#failures.set(key, { at: now, more: 0 });
    this.#options.log.warn({ event: "plugin.hookFailed", ...details, ...(known?.more ? { alsoFailed: known.more } : {}) });
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
