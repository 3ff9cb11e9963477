import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import { KubeError } from "#kube/kube-error.ts";
import { planDag } from "#kube/plan/plan-dag.ts";
import { planLines } from "../../../services/cli/plan/plan-lines.ts";

const spec = (images: Readonly<Record<string, string>>): DagSpec =>
  DagSpec.parse({
    id: "etl",
    tasks: Object.entries(images).map(([id, image]) => ({ id, operator: "pod", pod: { image } })),
  });

describe("planLines", () => {
  it("tells changes with their layer, and the cluster's word on each pod", async () => {
    const kube = {
      async dryRunPod(_namespace: string, manifest: { spec: { containers: readonly { image?: string }[] } }) {
        if (manifest.spec.containers[0]?.image !== "bad") return ["it is deprecated"];
        const status = {
          kind: "Status",
          message: "pods is forbidden: exceeded quota: pods, limited: pods=1",
          reason: "Forbidden",
        };
        throw KubeError.fromResponse(403, {}, JSON.stringify(status));
      },
    };
    const plans = await planDag({
      spec: spec({ same: "a", changed: "b2", added: "bad" }),
      before: spec({ same: "a", changed: "b1", removed: "c" }),
      settings: { defaultNamespace: "jobs", instance: "windlass" },
      kube,
    });
    assert.deepEqual(planLines("etl", plans, false), [
      "DAG etl",
      "  same  same",
      "    ✔ the cluster would take it",
      "    ! it is deprecated",
      "~ changed  changed",
      '    spec.containers[main].image: "b1" → "b2"  (task)',
      "    ✔ the cluster would take it",
      "    ! it is deprecated",
      "+ added  added",
      "    ✘ QuotaExceeded: pods is forbidden: exceeded quota: pods, limited: pods=1",
      "- removed  removed",
    ]);
  });
});
