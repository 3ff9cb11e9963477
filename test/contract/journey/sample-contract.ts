import assert from "node:assert/strict";
import { copyFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { openFileLogStore } from "#logstore/file-log-store.ts";
import sample from "../../../dags/kubernetes_sample.ts";
import { type Fleet, openFleet } from "../../support/fleet.ts";
import { type TestRedis, testRedis } from "../../support/redis.ts";
import type { TestCluster } from "../../support/test-cluster.ts";
import { until } from "../../support/until.ts";

/** The acceptance story: the DAG of the README, copied into the folder and run. */
export function sampleContract(name: string, open: () => Promise<TestCluster>): void {
  describe(`the sample DAG on ${name}`, () => {
    let redis: TestRedis;
    let cluster: TestCluster;
    let fleet: Fleet;

    before(async () => {
      [redis, cluster] = await Promise.all([testRedis(), open()]);
      fleet = await openFleet({
        redisUrl: redis.url,
        prefix: redis.prefix,
        kubeconfig: cluster.kubeconfig,
        namespace: cluster.namespace,
      });
    });

    after(async () => {
      await fleet.close();
      await cluster.close();
      await redis.close();
    });

    it("ends as Kubernetes says: one success, one StartError 128 after two tries; logs stay, pods go", async () => {
      copyFileSync(join(import.meta.dirname, "../../../dags/kubernetes_sample.ts"), join(fleet.dagsDir, "kubernetes_sample.ts"));
      await fleet.scheduler();
      await fleet.worker();
      const dag = await until(() => fleet.state.dags.getDag("kubernetes_sample"), {
        deadlineMs: 10_000,
        what: "the DAG in the store",
      });
      assert.equal(dag.taskCount, 3);

      const id = await fleet.start(sample);
      const run = await fleet.ended(id, 90_000);
      const states = Object.fromEntries([...run.tasks].map(([taskId, task]) => [taskId, task.state]));
      assert.deepEqual(states, { run_this_first: "success", "passing-task": "success", "failing-task": "failed" });
      assert.equal(run.state, "failed");

      const tries = await fleet.state.runs.listTries(id);
      const outcomes = tries
        .map(({ taskId, try: tryNumber, outcome }) => `${taskId} ${tryNumber} ${outcome.code} ${outcome.exitCode}`)
        .sort();
      assert.deepEqual(outcomes, [
        "failing-task 1 StartError 128",
        "failing-task 2 StartError 128",
        "passing-task 1 Completed 0",
      ]);

      const logs = openFileLogStore({ dir: fleet.logsDir });
      const log = async () => {
        const [passing] = await logs.list(id, "passing-task");
        return passing?.ended ? logs.read({ runId: id, taskId: "passing-task", try: 1 }) : undefined;
      };
      const reading = await until(log, { deadlineMs: 15_000, what: "the passing task's log" });
      let text = "";
      for await (const chunk of reading.chunks) text += chunk.toString();
      assert.match(text, /hello world/i);

      const left = async () => (await fleet.kube.listPods(cluster.namespace)).pods.length === 0;
      await until(left, { deadlineMs: 30_000, what: "the deletion of all pods" });
      assert.equal(fleet.podsSeen().size, 3);
      assert.ok(readdirSync(fleet.logsDir).length > 0);
    });
  });
}
