import assert from "node:assert/strict";
import { seededDashboard } from "../../support/seeded-dashboard.ts";
import { sendFuzz } from "../../support/send-fuzz.ts";
import type { OpenDashboard } from "./open-dashboard.ts";

describe("dashboard: requests that nobody means", function () {
  this.timeout(120_000);
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

  it("are refused with a problem, none breaks anything, and those that mean something are answered", async () => {
    const { statuses, broken } = await sendFuzz(dashboard.url, 2_000, 20_261_125);
    assert.deepEqual([broken, defects], [[], []]);
    // Not all of it is nonsense: else nothing behind the checks was reached.
    assert.ok((statuses.get(200) ?? 0) > 200, JSON.stringify([...statuses]));
    assert.equal((await dashboard.ask("/readyz")).status, 200);
  });
});
