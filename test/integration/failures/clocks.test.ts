import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sh, taskOfCase } from "../../contract/failures/failure-case.ts";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";
import { lasting } from "../../support/lasting.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";

const WORKER = /^windlass-worker/;
const WATCH = { verb: "watch", resource: "pods", userAgent: WORKER } as const;

describe("a task's timeout while the API server cannot be seen", () => {
  it("stands still: what nobody saw is no part of it", () =>
    withFleet(openEmbeddedCluster, async (fleet, { local }) => {
      const dir = mkdtempSync(join(tmpdir(), "windlass-clock-"));
      try {
        await Promise.all([fleet.scheduler(), fleet.worker()]);
        const pod = sh(`until [ -e ${dir}/go ]; do sleep 0.2; done`);
        const run = await fleet.start({ id: "blind", tasks: [taskOfCase({ pod, timeoutMs: 5_000 })] });
        const running = async () => (await fleet.state.runs.notes(run)).get("task")?.code === "Running";
        await until(running, { deadlineMs: 15_000, what: "a running pod" });

        const { http } = local.faults;
        http.reset({ userAgent: WORKER }, "before", Number.POSITIVE_INFINITY);
        assert.ok(http.cut({}, "reset") > 0, "a watch was cut");
        await lasting(7_000);
        const watches = local.stats.requests.count(WATCH);
        http.clear();
        await until(() => local.stats.requests.count(WATCH) > watches, { deadlineMs: 20_000, what: "the watch to be back" });
        // Long enough for a worker that counts on, and that now sees a limit passed, to end the pod.
        await lasting(2_000);
        assert.equal((await fleet.taskIn(run, "task", "running")).epoch, 1);
        writeFileSync(join(dir, "go"), "");
        const task = (await fleet.ended(run, 30_000)).tasks.get("task")!;
        assert.deepEqual([task.state, task.try, task.infra], ["success", 1, 0], JSON.stringify(task.outcome));
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    })).timeout(60_000);
});
