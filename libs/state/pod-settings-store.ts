import type { Redis } from "ioredis";
import type { Keys } from "./keys.ts";

/** What workers add to every pod. */
export interface StoredPodSettings {
  /** Where pods run whose task names no namespace. */
  defaultNamespace: string;
  instance: string;
  /** The installation's pod template: a part of a Pod. */
  template?: unknown;
  /** Names of plugins that may change pods further: what they do is known when a pod is created. */
  plugins: readonly string[];
  at: number;
}

/** The settings of the worker that was started last, for those who show pods beforehand. */
export interface PodSettingsStore {
  put(settings: StoredPodSettings): Promise<void>;
  /** undefined: there was no worker yet. */
  get(): Promise<StoredPodSettings | undefined>;
}

export function openPodSettingsStore(redis: Redis, keys: Keys): PodSettingsStore {
  return {
    async put(settings) {
      await redis.set(keys.podSettings, JSON.stringify(settings));
    },
    async get() {
      const text = await redis.get(keys.podSettings);
      return text === null ? undefined : (JSON.parse(text) as StoredPodSettings);
    },
  };
}
