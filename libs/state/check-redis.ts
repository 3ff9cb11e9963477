import type { Redis } from "ioredis";

/** A setting of Redis with which Windlass cannot keep its promises. */
export interface RedisWarning {
  setting: "redis_version" | "maxmemory_policy" | "aof_enabled";
  found: string;
  /** What goes wrong, and what to set. */
  message: string;
  /** true: Windlass does not work at all with it. */
  fatal: boolean;
}

interface Check extends Omit<RedisWarning, "found"> {
  isRight: (found: string) => boolean;
}

const CHECKS: readonly Check[] = [
  {
    setting: "redis_version",
    isRight: found => Number.parseInt(found, 10) >= 7,
    message: "the scheduler waits with BLMPOP, which came with Redis 7.0; upgrade Redis, or use Valkey",
    fatal: true,
  },
  {
    setting: "maxmemory_policy",
    isRight: found => found === "noeviction",
    message:
      "with any policy but noeviction Redis deletes runs and jobs when its memory is full; set maxmemory-policy noeviction",
    fatal: false,
  },
  {
    setting: "aof_enabled",
    isRight: found => found === "1",
    message: "without the append-only file a restart of Redis forgets what workers have recorded; set appendonly yes",
    fatal: false,
  },
];

/** Looks at the server's settings. Empty: all is well. A setting the server does not tell is not judged. */
export async function checkRedis(redis: Redis): Promise<RedisWarning[]> {
  const info = await redis.info();
  const settings = new Map(info.split(/\r?\n/).map(line => line.split(":", 2) as [string, string]));
  return CHECKS.flatMap(({ isRight, ...warning }) => {
    const found = settings.get(warning.setting);
    return found === undefined || isRight(found) ? [] : [{ ...warning, found }];
  });
}
