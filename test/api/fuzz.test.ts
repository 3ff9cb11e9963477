import assert from "node:assert/strict";
import type { OpenDashboard } from "../integration/dashboard/open-dashboard.ts";
import { seededDashboard } from "../support/seeded-dashboard.ts";
import { sendFuzz } from "../support/send-fuzz.ts";

const COUNT = Number(process.env.FUZZ ?? 100_000);

describe(`${COUNT} requests that nobody means`, function () {
  this.timeout(1_800_000);
  let dashboard: OpenDashboard;
  const defects: string[] = [];
  before(async () => {
    const onLog = (line: string) => line.includes('"http.failed"') && defects.push(line);
    dashboard = await seededDashboard(
      { WINDLASS_WRITES_PER_MINUTE: "0", WINDLASS_RUN_OVERRIDES: "image,env,resources" },
      { onLog },
    );
  });
  after(() => dashboard.close());

  it("do no harm", async () => {
    const seed = Number(process.env.SEED ?? 1);
    const { statuses, broken } = await sendFuzz(dashboard.url, COUNT, seed);
    console.log(`      seed ${seed}: ${JSON.stringify(Object.fromEntries(statuses))}`);
    assert.deepEqual([broken.slice(0, 20), defects.slice(0, 20)], [[], []]);
    assert.equal((await dashboard.ask("/readyz")).status, 200);
  });
});
