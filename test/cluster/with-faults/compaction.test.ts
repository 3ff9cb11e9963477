import assert from "node:assert/strict";
import { podName } from "#core/ids.ts";
import { terminatedState } from "#kube/pod.ts";
import { control } from "../../support/cluster-control.ts";
import { serverOf, startCuttingProxy } from "../../support/cutting-proxy.ts";
import { compactEtcd } from "../../support/etcd.ts";
import { shell } from "../../support/fleet.ts";
import { openRealCluster } from "../../support/real-cluster.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";

const GO = "/tmp/go";
const IDS = ["ends", "stays", "goes"];

describe("a watch of a real cluster that comes back after etcd was compacted", () => {
  it("is refused with 410, and the list that follows tells all that was missed", () =>
    withFleet(openRealCluster, async (fleet, { kubeconfig, kubectl, namespace }) => {
      const proxy = await startCuttingProxy(serverOf(kubeconfig));
      try {
        await fleet.scheduler();
        await fleet.worker({ WINDLASS_KUBE_SERVER: proxy.url, WINDLASS_INFRA_DELAY_MS: "500" });
        const run = await fleet.start({
          id: "compacted",
          tasks: IDS.map(id => shell(id, `until [ -e ${GO} ]; do sleep 0.2; done`)),
        });
        const podOf = (taskId: string, infra = 0) => podName({ dagId: "compacted", runId: run, taskId, try: 1, infra });
        const pod = (name: string) => fleet.kube.getPod(namespace, name);
        const running = (name: string) =>
          until(async () => (await pod(name))?.status.phase === "Running", { deadlineMs: 60_000, what: `${name} running` });
        const letGo = (name: string) => kubectl("exec", name, "--", "touch", GO);
        for (const id of IDS) await fleet.taskIn(run, id, "running");
        for (const id of IDS) await running(podOf(id));

        const { resourceVersion } = await fleet.kube.listPods(namespace);
        const unblock = proxy.block();
        await letGo(podOf("ends"));
        await until(async () => terminatedState((await pod(podOf("ends")))!), {
          deadlineMs: 20_000,
          what: "an end that nobody sees",
        });
        await kubectl("delete", "pod", podOf("goes"), "--now");
        await control("stop", "apiserver");
        try {
          await compactEtcd();
        } finally {
          await control("start", "apiserver");
        }
        await until(() => kubectl("get", "--raw", "/readyz").catch(() => undefined), {
          deadlineMs: 60_000,
          what: "the API server",
        });
        const old = `/api/v1/namespaces/${namespace}/pods?watch=1&timeoutSeconds=5&resourceVersion=${resourceVersion}`;
        assert.match(await kubectl("get", "--raw", old), /"code":410/);
        unblock();

        await running(podOf("goes", 1));
        for (const name of [podOf("stays"), podOf("goes", 1)]) await letGo(name);
        const { state, tasks } = await fleet.ended(run, 90_000);
        assert.equal(state, "success");
        const counts = IDS.map(id => [id, tasks.get(id)!.try, tasks.get(id)!.infra]);
        assert.deepEqual(counts, [
          ["ends", 1, 0],
          ["stays", 1, 0],
          ["goes", 1, 1],
        ]);
        assert.equal(fleet.podsSeen().size, IDS.length + 1);
        for (const uids of fleet.podsSeen().values()) assert.equal(uids.size, 1);
      } finally {
        await proxy.close();
      }
    })).timeout(240_000);
});
