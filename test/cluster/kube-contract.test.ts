import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { kubeContract } from "../contract/kube/kube-contract.ts";

/** The cluster of KUBECONFIG, in a namespace made for this run. Needs kubectl. */
kubeContract("the one of KUBECONFIG", async () => {
  const namespace = `windlass-contract-${randomBytes(4).toString("hex")}`;
  const kubectl = (...args: string[]) => execFileSync("kubectl", args, { stdio: ["ignore", "pipe", "inherit"], timeout: 60_000 });
  kubectl("create", "namespace", namespace);
  kubectl("label", "namespace", namespace, "pod-security.kubernetes.io/enforce=restricted");
  return {
    options: {},
    namespace,
    async close() {
      kubectl("delete", "namespace", namespace, "--wait=false");
    },
  };
});
