import type { RateStore } from "#state/rate-store.ts";
import { ApiError } from "../http/api-error.ts";

const WINDOW_MS = 5 * 60_000;
/** Attempts of a window. An address may be that of many people. */
const MOST = { address: 60, name: 20 };
/** Addresses that this process remembers as over their limit. */
const MOST_BLOCKED = 10_000;

/** How often somebody may try to log in, counted in Redis for all dashboards together. */
export interface LoginLimit {
  /** Counts an attempt with a form. @throws ApiError WL_RATE */
  attempt(address: string, name: string): Promise<void>;
  /** Counts credentials that came with a request and were wrong. */
  failed(address: string): Promise<void>;
  /** @throws ApiError WL_RATE when the address has failed too often; asks nobody */
  refuseBlocked(address: string): void;
}

export function loginLimit(rates: RateStore, now: () => number): LoginLimit {
  const blocked = new Map<string, number>();

  async function take(kind: keyof typeof MOST, who: string): Promise<number> {
    const { count, leftMs } = await rates.take(`login:${kind}:${who}`, WINDOW_MS);
    return count > MOST[kind] ? leftMs : 0;
  }

  return {
    async attempt(address, name) {
      const [byAddress, byName] = await Promise.all([take("address", address), take("name", name)]);
      const leftMs = Math.max(byAddress, byName);
      if (leftMs > 0) throw tooMany(leftMs);
    },
    async failed(address) {
      const leftMs = await take("address", address);
      if (leftMs === 0) return;
      if (blocked.size >= MOST_BLOCKED) blocked.clear();
      blocked.set(address, now() + leftMs);
    },
    refuseBlocked(address) {
      const until = blocked.get(address);
      if (until === undefined) return;
      if (until > now()) throw tooMany(until - now());
      blocked.delete(address);
    },
  };
}

const tooMany = (leftMs: number): ApiError => {
  const seconds = Math.ceil(leftMs / 1_000);
  return new ApiError("WL_RATE", `too many logins were tried; the next one may come in ${seconds} s`, {
    headers: { "Retry-After": String(seconds) },
  });
};
