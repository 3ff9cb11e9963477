import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "#runtime/config.ts";
import { createLogger } from "#runtime/logger.ts";
import { dag, plain, secret } from "#sdk/index.ts";
import type { Redis } from "#state/redis.ts";
import { DashboardConfig } from "../../../services/dashboard/config.ts";
import { startDashboard } from "../../../services/dashboard/dashboard.ts";
import { openFleet } from "../../support/fleet.ts";
import { testRedis } from "../../support/redis.ts";
import type { TestCluster } from "../../support/test-cluster.ts";

/** Nothing that a task is given as a secret may be found anywhere in Windlass. */
export function secrecyContract(name: string, open: () => Promise<TestCluster>): void {
  describe(`secrets on ${name}`, () => {
    it("a Secret's value is nowhere; a literal value is in its DAG's version and nowhere else", async () => {
      const cluster = await open();
      await using _cluster = { [Symbol.asyncDispose]: () => cluster.close() };
      const redis = await testRedis();
      await using _redis = { [Symbol.asyncDispose]: () => redis.close() };
      const { kubeconfig, namespace } = cluster;
      const fleet = await openFleet({ redisUrl: redis.url, prefix: redis.prefix, kubeconfig, namespace, capture: true });
      await using _fleet = { [Symbol.asyncDispose]: () => fleet.close() };
      const config = {
        REDIS_URL: redis.url,
        WINDLASS_PREFIX: redis.prefix,
        WINDLASS_PORT: "0",
        WINDLASS_LOGS_DIR: fleet.logsDir,
      };
      const dashboard = await startDashboard(readConfig(DashboardConfig, config), {
        log: createLogger("test", { level: "silent" }),
      });
      await using _dashboard = { [Symbol.asyncDispose]: () => dashboard.close() };

      const [hidden, literal] = [`hidden-${randomBytes(12).toString("hex")}`, `literal-${randomBytes(12).toString("hex")}`];
      const data = { value: Buffer.from(hidden).toString("base64") };
      await cluster.create({ apiVersion: "v1", kind: "Secret", metadata: { name: "task" }, data });
      const options = {
        image: "busybox:1.36",
        env: { HIDDEN: secret.env("task", "value"), LITERAL: plain(literal) },
        envFrom: [secret.envFrom("task", "ALL_")],
        mounts: [secret.file("task", { path: "/etc/task" })],
        terminationGracePeriodSeconds: 2,
      };
      const uses = '[ "$HIDDEN" = "$ALL_value" ] && [ "$(cat /etc/task/value)" = "$HIDDEN" ] && [ -n "$LITERAL" ]';
      const spec = dag("secrecy", {}, d => {
        d.pod("works", { ...options, command: ["sh", "-c"], args: [uses] });
        d.pod("fails", { ...options, command: ["sh", "-c"], args: [`${uses} && exit 3`], retries: 1, retryDelay: "100ms" });
        // Refused by the API server, whose answer could quote it.
        d.pod("refused", { ...options, volumeMounts: [{ name: "nowhere", mountPath: "/x" }] });
      });
      await Promise.all([fleet.scheduler(), fleet.worker()]);
      const run = await fleet.start(spec);
      const ended = await fleet.ended(run, 90_000);
      const outcomes = Object.fromEntries([...ended.tasks].map(([id, task]) => [id, task.outcome?.code]));
      assert.deepEqual(outcomes, { works: "Completed", fails: "ExitCode", refused: "Invalid" }, "the tasks saw their secrets");

      const record = await everythingIn(redis.redis, redis.prefix);
      assert.ok(record.size > 5, "Redis was read");
      const answers = await everyAnswer(dashboard.url, run);
      assert.ok(answers.get("/queues/api/queues?activeQueue=pods&status=latest")?.includes(run), "Bull Board was read");
      const files = globSync("**/*", { cwd: fleet.logsDir, withFileTypes: true }).filter(entry => entry.isFile());
      const logs = files.map(
        file => [join(file.parentPath, file.name), readFileSync(join(file.parentPath, file.name), "utf8")] as const,
      );
      assert.match(fleet.output(), /"event":/, "the services' own logs were read");

      const places = new Map([...record, ...answers, ...logs, ["the services' output", fleet.output()]]);
      const placesOf = (value: string) =>
        [...places].filter(([place, text]) => `${place} ${text}`.includes(value)).map(([place]) => place);
      assert.deepEqual(placesOf(hidden), []);
      assert.deepEqual(placesOf(data.value), []);
      const withLiteral = placesOf(literal);
      assert.equal(withLiteral.length, 1, withLiteral.join(", "));
      assert.match(withLiteral[0]!, /:spec:/);
    });
  });
}

/** Every key of the prefix with its whole value, whatever its type. */
async function everythingIn(redis: Redis, prefix: string): Promise<Map<string, string>> {
  const readers: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
    string: key => redis.getBuffer(key),
    hash: key => redis.hgetall(key),
    list: key => redis.lrange(key, 0, -1),
    set: key => redis.smembers(key),
    zset: key => redis.zrange(key, "0", "-1"),
    stream: key => redis.xrange(key, "-", "+"),
  };
  const found = new Map<string, string>();
  for await (const keys of redis.scanStream({ match: `${prefix}*`, count: 1_000 })) {
    for (const key of keys as string[]) {
      const type = await redis.type(key);
      const value = await readers[type]?.(key);
      if (value !== undefined) found.set(key, Buffer.isBuffer(value) ? value.toString("latin1") : JSON.stringify(value));
      else assert.equal(type, "none", `${key} is of type ${type}`);
    }
  }
  return found;
}

/** What the dashboard says about the run, in every way it can. */
async function everyAnswer(url: string, run: string): Promise<Map<string, string>> {
  const id = encodeURIComponent(run);
  const tries = ["works", "fails", "refused"].map(task => `/api/v1/runs/${id}/tasks/${task}/tries/1/logs`);
  const jobs = ["works", "fails", "refused"].map(task => `/queues/api/queues/pods/${encodeURIComponent(`${run}~${task}~1`)}`);
  const statuses = ["latest", "completed", "failed", "active", "waiting", "delayed"].map(
    status => `/queues/api/queues?activeQueue=pods&status=${status}`,
  );
  const paths = [
    "/",
    `/runs/${id}`,
    "/api/v1/dags",
    "/api/v1/runs",
    `/api/v1/runs/${id}`,
    "/api/v1/workers",
    "/api/v1/import-errors",
  ];
  const all = [...paths, ...tries, ...jobs, ...jobs.map(job => `${job}/logs`), ...statuses];
  return new Map(await Promise.all(all.map(async path => [path, await (await fetch(url + path)).text()] as const)));
}
