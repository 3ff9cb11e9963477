import type { Logger } from "#runtime/logger.ts";
import { Gauge, type Metrics } from "#runtime/metrics.ts";
import { openRedis, type Redis } from "#state/redis.ts";
import type { State } from "#state/state.ts";
import { LiveHub } from "./live-hub.ts";

export interface OpenLiveHubOptions {
  redisUrl: string;
  state: Pick<State, "events" | "claims">;
  metrics: Metrics;
  log: Logger;
}

/** A hub with a connection of its own, which the first client opens. */
export function openLiveHub({ redisUrl, state, metrics, log }: OpenLiveHubOptions): { hub: LiveHub; close(): void } {
  let connection: Redis | undefined;
  const onError = (err: unknown) => log.warn({ event: "live.failed", err });
  const connect = () => openRedis(redisUrl, { role: "blocking", name: "dashboard-events", onError });
  const hub = new LiveHub({
    last: limit => state.events.last(limit),
    next: (after, options) => {
      connection ??= connect();
      return state.events.next(connection, after, options);
    },
    notice: () => state.claims.listWorkers(),
    onError,
  });
  new Gauge({
    name: "windlass_live_clients",
    help: "Clients of the event stream that are connected now.",
    registers: [metrics],
    collect() {
      this.set(hub.size);
    },
  });
  return {
    hub,
    close() {
      hub.stop();
      connection?.disconnect();
    },
  };
}
