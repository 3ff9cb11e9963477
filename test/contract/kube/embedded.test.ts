import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startLocalCluster } from "#localcluster/local-cluster.ts";
import { kubeContract } from "./kube-contract.ts";

kubeContract("the embedded one", async () => {
  const local = await startLocalCluster({ phaseLagMs: 100 });
  const dir = mkdtempSync(join(tmpdir(), "windlass-contract-"));
  const kubeconfig = join(dir, "kubeconfig");
  writeFileSync(kubeconfig, local.kubeconfig);
  return {
    options: { kubeconfig },
    namespace: "default",
    forgetHistory: () => local.faults.compact(),
    async close() {
      await local.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
});
