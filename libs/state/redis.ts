import { Redis, type RedisOptions } from "ioredis";

export type { Redis } from "ioredis";

/**
 * What a connection is for:
 * `client` waits out an outage and repeats what was under way · `blocking` is for BLMPOP and SUBSCRIBE, alone on its socket ·
 * `fast-fail` answers a request within a second or fails it.
 */
export type RedisRole = "client" | "blocking" | "fast-fail";

const ROLES = {
  client: { maxRetriesPerRequest: null },
  blocking: { maxRetriesPerRequest: null },
  "fast-fail": {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    // A request that was answered 503 must not be carried out behind its caller's back after a reconnect.
    autoResendUnfulfilledCommands: false,
    connectTimeout: 1_000,
    // Below a second: the answer that says so has to be there within one.
    commandTimeout: 800,
  },
} satisfies Record<RedisRole, RedisOptions>;

export interface OpenRedisOptions {
  role: RedisRole;
  /** Shown by CLIENT LIST. Default: windlass. */
  name?: string;
  /** Connection errors. They heal by themselves (reconnect after 200 ms to 2 s); this is for logs and health. Default: ignored. */
  onError?: (error: Error) => void;
}

/** Opens a connection. Never throws: an unreachable Redis shows in `onError` and in the commands' own errors. */
export function openRedis(url: string, options: OpenRedisOptions): Redis {
  const redis = new Redis(url, {
    ...ROLES[options.role],
    connectionName: options.name ?? "windlass",
    retryStrategy: attempt => Math.min(200 * attempt, 2_000),
  });
  redis.on("error", options.onError ?? ignored);
  return redis;
}

/** Without any listener Node would end the process at the first lost connection. */
const ignored = (): void => undefined;
