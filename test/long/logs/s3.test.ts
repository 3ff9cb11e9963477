import assert from "node:assert/strict";
import { openS3LogStore } from "#logstore/s3/s3-log-store.ts";
import { readConfig } from "#runtime/config.ts";
import { createLogger } from "#runtime/logger.ts";
import { DashboardConfig } from "../../../services/dashboard/config.ts";
import { startDashboard } from "../../../services/dashboard/dashboard.ts";
import { assertNumbered, numbered, storedLines, wordsOf } from "../../contract/logs/stored-log.ts";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";
import { openFleet, shell } from "../../support/fleet.ts";
import { testRedis } from "../../support/redis.ts";
import { startS3Server } from "../../support/s3-server.ts";
import { until } from "../../support/until.ts";

describe("logs in S3", () => {
  it("are readable from any dashboard while the try runs, and whole after the workers changed", async () => {
    const s3 = await startS3Server();
    await using _s3 = { [Symbol.asyncDispose]: () => s3.close() };
    const redis = await testRedis();
    await using _redis = { [Symbol.asyncDispose]: () => redis.close() };
    const cluster = await openEmbeddedCluster();
    await using _cluster = { [Symbol.asyncDispose]: () => cluster.close() };
    const fleet = await openFleet({ redisUrl: redis.url, prefix: redis.prefix, kubeconfig: cluster.kubeconfig });
    await using _fleet = { [Symbol.asyncDispose]: () => fleet.close() };
    const { url, region, accessKeyId, secretAccessKey } = s3.options;
    const env = {
      WINDLASS_LOG_STORE: "s3",
      WINDLASS_LOG_S3_URL: url,
      WINDLASS_LOG_S3_REGION: region,
      WINDLASS_LOG_S3_ACCESS_KEY_ID: accessKeyId,
      WINDLASS_LOG_S3_SECRET_ACCESS_KEY: secretAccessKey,
    };
    const [worker] = await Promise.all([
      fleet.worker({ ...env, WINDLASS_LOCK_MS: "2000", WINDLASS_STALLED_MS: "500" }),
      fleet.scheduler(),
    ]);
    const config = readConfig(DashboardConfig, {
      ...env,
      REDIS_URL: redis.url,
      WINDLASS_PREFIX: redis.prefix,
      WINDLASS_PORT: "0",
    });
    const quiet = { log: createLogger("test", { level: "silent" }) };
    const dashboards = await Promise.all([startDashboard(config, quiet), startDashboard(config, quiet)]);
    await using _dashboards = {
      [Symbol.asyncDispose]: async () => void (await Promise.all(dashboards.map(dashboard => dashboard.close()))),
    };

    const count = 6_000;
    const run = await fleet.start({ id: "far", tasks: [shell("long", numbered(count))] });
    const path = `/api/v1/runs/${encodeURIComponent(run)}/tasks/long/logs?timestamps=false`;
    for (const dashboard of dashboards) {
      const text = async () => {
        const response = await fetch(dashboard.url + path);
        return response.ok ? await response.text() : "";
      };
      await until(async () => (await text()).startsWith("line 1\nline 2\n"), { deadlineMs: 20_000, what: "the first lines" });
      assert.equal((await fleet.state.runs.getRun(run))?.state, "running");
    }
    const next = await fleet.worker({ ...env, WINDLASS_LOCK_MS: "2000", WINDLASS_STALLED_MS: "500" });
    await worker.signal("SIGKILL");
    assert.equal((await fleet.ended(run, 60_000)).state, "success");
    const store = openS3LogStore(s3.options);
    assertNumbered(wordsOf(await storedLines(fleet, run, "long", { store })), count);
    await next.signal("SIGTERM");
  }).timeout(90_000);
});
