import assert from "node:assert/strict";
import { doctorCommand } from "../../services/cli/commands/doctor.ts";
import type { Finding } from "../../services/cli/doctor/finding.ts";
import { writeKubeconfig } from "../bench/write-kubeconfig.ts";
import type { RealCluster } from "../support/real-cluster.ts";
import { openRestrictedCluster } from "../support/restricted-cluster.ts";
import { runCommand } from "../support/run-command.ts";
import { until } from "../support/until.ts";

describe("windlass doctor on a real API server", () => {
  let cluster: RealCluster;
  let worker: ReturnType<typeof writeKubeconfig>;
  before(async () => {
    cluster = await openRestrictedCluster();
    worker = writeKubeconfig(cluster.kubeconfig);
  });
  after(async () => {
    worker?.remove();
    await cluster?.close();
  });

  /** What is wrong, as the worker's account sees itself, or as an administrator sees it. */
  const wrong = async (kubeconfig: string, ...words: string[]): Promise<string[]> => {
    const env = { KUBECONFIG: kubeconfig, WINDLASS_NAMESPACE: cluster.namespace };
    const line = ["doctor", "--only", "rights", "--only", "cluster", ...words, "-o", "json"];
    const { out, said } = await runCommand(doctorCommand, line, { env });
    assert.ok(out !== "", said.join("\n"));
    return (JSON.parse(out) as Finding[]).filter(({ state }) => state === "wrong").map(({ sentence }) => sentence);
  };

  it("finds that the role of k8s/base is exactly what a worker needs, and names a verb that is taken away", async () => {
    const account = `system:serviceaccount:${cluster.namespace}:windlass-worker`;
    const admin = process.env.KUBECONFIG!;
    assert.deepEqual(await wrong(worker.path), []);
    assert.deepEqual(await wrong(admin, "--as", account), []);

    const without = [{ op: "replace", path: "/rules/0/verbs", value: ["create", "get", "list", "watch"] }];
    await cluster.kubectl("patch", "role", "windlass-worker", "--type=json", "-p", JSON.stringify(without));
    // The API server looks rights up in a cache.
    const named = `${account} may not delete pods in ${cluster.namespace}`;
    await until(async () => (await wrong(worker.path)).includes(named), { deadlineMs: 20_000, what: "the missing verb" });
    assert.deepEqual(await wrong(admin, "--as", account), [named]);
  });
});
