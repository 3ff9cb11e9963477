import assert from "node:assert/strict";
import { serverOf, startCuttingProxy } from "../../support/cutting-proxy.ts";
import { shell } from "../../support/fleet.ts";
import type { TestCluster } from "../../support/test-cluster.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";

/** Bookmarks come every minute; a watch without them for half as long again is dead. */
const NOTICED_MS = 100_000;

/** A firewall forgets a connection without telling either end: no error comes, and no event. */
export function silentWatchContract(name: string, open: () => Promise<TestCluster>): void {
  describe(`a watch that falls silent on ${name}`, () => {
    it(`is noticed within ${NOTICED_MS / 1_000} s, and what happened meanwhile is seen`, () =>
      withFleet(open, async (fleet, { kubeconfig }) => {
        const proxy = await startCuttingProxy(serverOf(kubeconfig));
        try {
          await Promise.all([fleet.scheduler(), fleet.worker({ WINDLASS_KUBE_SERVER: proxy.url })]);
          // Without a timeout: nothing but the watch's own silence makes anybody look.
          const run = await fleet.start({ id: "silent", tasks: [shell("long", "sleep 10")] });
          await until(() => fleet.podsSeen().size === 1, { deadlineMs: 20_000, what: "the pod" });
          await fleet.taskIn(run, "long", "running");
          proxy.mute();
          const { state, tasks } = await fleet.ended(run, NOTICED_MS);
          const { try: tryNumber, infra } = tasks.get("long")!;
          assert.deepEqual([state, tryNumber, infra], ["success", 1, 0]);
          assert.equal(fleet.podsSeen().size, 1);
        } finally {
          await proxy.close();
        }
      })).timeout(180_000);
  });
}
