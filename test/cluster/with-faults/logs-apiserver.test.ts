import assert from "node:assert/strict";
import { openFileLogStore } from "#logstore/file-log-store.ts";
import { assertNumbered, marksOf, numbered, storedLines, wordsOf } from "../../contract/logs/stored-log.ts";
import { control } from "../../support/cluster-control.ts";
import { shell } from "../../support/fleet.ts";
import { openRealCluster } from "../../support/real-cluster.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";

describe("a log while the API server of a real cluster restarts", () => {
  it("has every line once", () =>
    withFleet(openRealCluster, async fleet => {
      await Promise.all([fleet.scheduler(), fleet.worker()]);
      const count = 12_000;
      const run = await fleet.start({ id: "restart", tasks: [shell("long", numbered(count))] });
      const store = openFileLogStore({ dir: fleet.logsDir });
      const hasBegun = async () => ((await store.list(run, "long"))[0]?.sizeBytes ?? 0) > 20_000;
      await until(hasBegun, { deadlineMs: 30_000, what: "the first lines" });
      await control("stop", "apiserver");
      await control("start", "apiserver");
      assert.equal((await fleet.ended(run, 90_000)).state, "success");
      const lines = await storedLines(fleet, run, "long");
      assertNumbered(wordsOf(lines), count);
      assert.deepEqual(marksOf(lines), []);
    })).timeout(180_000);
});
