import assert from "node:assert/strict";
import type { OpenDashboard } from "../integration/dashboard/open-dashboard.ts";
import { seededDashboard } from "./seeded-dashboard.ts";
import { type FuzzResult, sendFuzz } from "./send-fuzz.ts";

/** So many requests that nobody means, all from one seed: nothing breaks, and the dashboard is well afterwards. */
export function fuzzSuite(count: number, seed: number, timeoutMs: number, look: (fuzzed: FuzzResult) => void): void {
  describe(`${count} requests that nobody means`, function () {
    this.timeout(timeoutMs);
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

    it("are refused with a problem, and none breaks anything", async () => {
      const fuzzed = await sendFuzz(dashboard.url, count, seed);
      assert.deepEqual([fuzzed.broken.slice(0, 20), defects.slice(0, 20)], [[], []]);
      look(fuzzed);
      assert.equal((await dashboard.ask("/readyz")).status, 200);
    });
  });
}
