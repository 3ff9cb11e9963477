import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { RunHeader } from "#core/run.ts";
import { openState } from "#state/state.ts";
import { type TestRedis, testRedis } from "../../support/redis.ts";

const SCRIPT = join(import.meta.dirname, "../../../services/cli/export.ts");
const run = promisify(execFile);

describe("services/cli/export.ts", () => {
  let redis: TestRedis;
  before(async () => {
    redis = await testRedis();
    const { runs } = openState(redis.redis, redis.prefix);
    const header: Omit<RunHeader, "id" | "dagId" | "createdAt"> = { version: "v", trigger: { kind: "api", by: "ann" }, conf: {} };
    // More than one page.
    for (let minute = 1; minute <= 250; minute++)
      await runs.createRun({ ...header, id: `etl~${minute}`, dagId: "etl", createdAt: Date.UTC(2026, 0, 31, 6, minute) });
    await runs.createRun({ ...header, id: "ml~1", dagId: "ml", createdAt: Date.UTC(2026, 0, 31, 7) });
  });
  after(() => redis.close());

  const exported = async (...args: string[]): Promise<string[]> => {
    const env = { PATH: process.env.PATH, REDIS_URL: redis.url, WINDLASS_PREFIX: redis.prefix };
    const { stdout } = await run(process.execPath, [SCRIPT, ...args], { env, maxBuffer: 64 * 1024 * 1024 });
    const lines = stdout
      .trimEnd()
      .split("\n")
      .map(line => JSON.parse(line) as { kind: string; runId: string });
    return lines.filter(({ kind }) => kind === "run").map(({ runId }) => runId);
  };

  it("writes the runs of a DAG since an instant, the youngest first", async () => {
    const ids = await exported("--dag", "etl", "--since", "2026-01-31T06:31:00Z");
    assert.deepEqual([ids.length, ids[0], ids.at(-1)], [220, "etl~250", "etl~31"]);
  });

  it("writes all runs", async () => assert.equal((await exported()).length, 251));

  it("says what it cannot read", async () => {
    await assert.rejects(exported("--since", "yesterday"), /WL_INPUT: --since 'yesterday' is no instant/);
  });
});
