import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "#runtime/logger.ts";

/** The lease, as the store offers it. Times in ms. */
export interface Lease {
  acquireLease(id: string, ttlMs: number): Promise<string | undefined>;
  renewLease(token: string, ttlMs: number): Promise<boolean>;
  releaseLease(token: string): Promise<boolean>;
}

export interface LeadershipOptions {
  id: string;
  lease: Lease;
  log: Logger;
  /** Does the leader's work until the signal aborts. `token` fences every write. */
  lead(token: string, signal: AbortSignal): Promise<void>;
  /** Default 3,000: a standby takes over at most ttl + ttl/3 after a leader died. */
  ttlMs?: number;
}

/**
 * Competes for the lease until `signal` aborts and leads while it is held. The lease is an optimisation, not the safety device:
 * every write of a leader carries its token, and the store refuses a token that is not the current one.
 */
export async function competeForLeadership(options: LeadershipOptions, signal: AbortSignal): Promise<void> {
  const { id, lease, log, lead, ttlMs = 3_000 } = options;
  while (!signal.aborted) {
    const token = await lease.acquireLease(id, ttlMs).catch(error => {
      log.warn({ event: "lease.unreachable", err: error });
      return undefined;
    });
    if (token === undefined) {
      await pause(ttlMs / 3, signal);
      continue;
    }
    log.info({ event: "lease.won", id, term: token });
    const term = new AbortController();
    const signals = AbortSignal.any([signal, term.signal]);
    const renewing = renew(lease, token, ttlMs, log, term, signals);
    await lead(token, signals).catch(error => log.error({ event: "lead.failed", err: error }));
    term.abort();
    await renewing;
    await lease.releaseLease(token).catch(error => log.warn({ event: "lease.releaseFailed", err: error }));
    log.info({ event: "lease.left", id, term: token });
    // A leader whose work fails at once must not spin.
    if (!signal.aborted) await pause(ttlMs / 3, signal);
  }
}

async function renew(
  lease: Lease,
  token: string,
  ttlMs: number,
  log: Logger,
  term: AbortController,
  signal: AbortSignal,
): Promise<void> {
  let renewedAt = performance.now();
  while (!signal.aborted) {
    await pause(ttlMs / 3, signal);
    if (signal.aborted) return;
    try {
      if (!(await lease.renewLease(token, ttlMs))) {
        log.warn({ event: "lease.lost", term: token });
        return term.abort();
      }
      renewedAt = performance.now();
    } catch (error) {
      // Redis away: everybody waits. Work goes on until the lease must have run out; the store fences what comes later.
      log.warn({ event: "lease.renewFailed", err: error });
      if (performance.now() - renewedAt > ttlMs) return term.abort();
    }
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> => sleep(ms, undefined, { signal }).catch(() => undefined);
