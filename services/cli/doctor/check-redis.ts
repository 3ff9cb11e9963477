import { checkRedis } from "#state/check-redis.ts";
import { openRedis } from "#state/redis.ts";
import { type Finding, skewFinding } from "./finding.ts";

const PATIENCE_MS = 3_000;

/** Whether Redis answers, and whether it keeps what it is told. Passwords in the address are not repeated. */
export async function checkRedisServer(url: string, now: () => number): Promise<Finding[]> {
  const shown = url.replace(/\/\/[^@/]*@/, "//…@");
  let reason = `no answer within ${PATIENCE_MS / 1_000} s`;
  const redis = openRedis(url, {
    role: "fast-fail",
    name: "doctor",
    onError: error => {
      reason = error.message;
    },
  });
  try {
    if (!(await isReady(redis))) {
      const fix = "Set REDIS_URL to where Redis is, or start it. windlass dev brings its own.";
      return [{ check: "redis", state: "wrong", sentence: `${shown} does not answer: ${reason}`, fix }];
    }
    const [warnings, info, [seconds, micros]] = await Promise.all([checkRedis(redis), redis.info("server"), redis.time()]);
    const version = /^(?:redis|valkey)_version:(\S+)/m.exec(info)?.[1] ?? "of unknown version";
    const theirAt = Number(seconds) * 1_000 + Number(micros) / 1_000;
    return [
      { check: "redis", state: "ok", sentence: `${shown} answers, version ${version}` },
      ...warnings.map(({ setting, found, message }): Finding => {
        const [why = "", fix = ""] = message.split("; ");
        return {
          check: "redis",
          state: "wrong",
          sentence: `${setting} is '${found}': ${why}`,
          fix: `${fix.charAt(0).toUpperCase()}${fix.slice(1)}.`,
        };
      }),
      ...(warnings.length === 0
        ? [{ check: "redis", state: "ok", sentence: "evicts nothing, and writes an append-only file" } as const]
        : []),
      skewFinding("Redis", theirAt, now()),
    ];
  } finally {
    redis.disconnect();
  }
}

type Connection = ReturnType<typeof openRedis>;

function isReady(redis: Connection): Promise<boolean> {
  return new Promise(resolve => {
    const timer = setTimeout(() => resolve(false), PATIENCE_MS);
    redis.once("ready", () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
