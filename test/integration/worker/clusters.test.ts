import assert from "node:assert/strict";
import { jobId } from "#core/ids.ts";
import { type LocalCluster, startLocalCluster } from "#localcluster/local-cluster.ts";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";
import { openFleet, shell } from "../../support/fleet.ts";
import { testRedis } from "../../support/redis.ts";

interface Config {
  clusters: { name: string; cluster: object }[];
  users: { name: string; user: object }[];
  contexts: { name: string; context: { cluster: string; user: string } }[];
  "current-context": string;
}

/** The first kubeconfig with the second one's cluster as a further context. */
function withContext(own: string, name: string, other: string): string {
  const [first, second] = [JSON.parse(own) as Config, JSON.parse(other) as Config];
  first.clusters.push({ name, cluster: second.clusters[0]!.cluster });
  first.users.push({ name, user: second.users[0]!.user });
  first.contexts.push({ name, context: { cluster: name, user: name } });
  return JSON.stringify(first);
}

const podsOf = async ({ url }: LocalCluster): Promise<number> => {
  const response = await fetch(`${url}/api/v1/namespaces/default/pods`);
  return ((await response.json()) as { items: unknown[] }).items.length;
};

describe("a worker with several clusters", () => {
  it("runs each task in the cluster that it names, and fails one that names an unknown one", async () => {
    await using stack = new AsyncDisposableStack();
    const own = stack.adopt(await openEmbeddedCluster(), opened => opened.close());
    const east = stack.adopt(await startLocalCluster(), opened => opened.close());
    const redis = stack.adopt(await testRedis(), opened => opened.close());
    const kubeconfig = withContext(own.kubeconfig, "east", east.kubeconfig);
    const options = { redisUrl: redis.url, prefix: redis.prefix, kubeconfig, namespace: own.namespace };
    const fleet = stack.adopt(await openFleet(options), opened => opened.close());
    await fleet.scheduler();
    await fleet.worker({ WINDLASS_KEEP_SUCCEEDED_MS: "600000" });
    const pod = { image: "busybox:1.36", command: ["sh", "-c", "true"] };
    const run = await fleet.start({
      id: "spread",
      tasks: [
        shell("here", "true"),
        { id: "there", operator: "pod", pod, cluster: "east" },
        { id: "nowhere", operator: "pod", pod, cluster: "west" },
      ],
    });
    const { state, tasks } = await fleet.ended(run);
    const ended = ["here", "there", "nowhere"].map(id => `${id} ${tasks.get(id)!.outcome?.code}`);
    assert.deepEqual([state, ended], ["failed", ["here Completed", "there Completed", "nowhere ClusterUnknown"]]);
    assert.match(tasks.get("nowhere")!.outcome!.evidence!, /'west'.*east/);
    assert.deepEqual([await podsOf(own.local), await podsOf(east)], [1, 1]);
    await fleet.jobIn(jobId(run, "nowhere", 1), "failed");
  }).timeout(60_000);
});
