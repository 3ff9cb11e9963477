import assert from "node:assert/strict";
import { join } from "node:path";
import { RUN_TIME_VALUES, renderManifest, renderYaml } from "#kube/plan/render-manifest.ts";
import { readPodTemplate } from "#kube/read-pod-template.ts";
import { dag, secret } from "#sdk/index.ts";
import { loadPlugins, mutatorsOf } from "../../../services/worker/plugins/load-plugins.ts";
import { openEmbeddedCluster } from "../../support/embedded-cluster.ts";
import { withFleet } from "../../support/with-fleet.ts";

const PLUGIN = join(import.meta.dirname, "../../../plugins/cost-center.ts");

/** Every value of a pod by its path; items that have a name under it. */
function leavesOf(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, child]) => {
    const name =
      Array.isArray(value) && typeof child === "object" && child !== null ? (child as { name?: string }).name : undefined;
    return leavesOf(child, Array.isArray(value) ? `${path}[${name ?? key}]` : path === "" ? key : `${path}.${key}`);
  });
}

describe("the pod that a worker creates", () => {
  it("is the one that renderManifest shows, but for what only a run knows", () =>
    withFleet(openEmbeddedCluster, async (fleet, cluster) => {
      const template = fleet.file("pod.yaml", '{"metadata": {"labels": {"site": "one"}}, "spec": {"dnsPolicy": "Default"}}');
      const env = { WINDLASS_POD_TEMPLATE: template, WINDLASS_PLUGINS: PLUGIN, COST_FILE: fleet.file("cost.csv", "") };
      await Promise.all([fleet.scheduler(), fleet.worker(env)]);
      const spec = dag("sales_daily", { podDefaults: { metadata: { annotations: { "example.com/dag": "yes" } } } }, d => {
        d.pod("load", {
          image: "busybox:1.36",
          command: ["true"],
          env: { PASSWORD: secret.env("db", "password", { optional: true }) },
          sidecars: [{ name: "proxy", image: "busybox:1.36", command: ["sleep", "600"] }],
          terminationGracePeriodSeconds: 1,
          timeout: "1m",
          logs: ["main"],
          onFinish: "keep",
          keepFor: "1h",
          onKill: "keep",
          podOverride: { spec: { shareProcessNamespace: true } },
        });
      });
      const run = await fleet.start(spec);
      const { state, pod, outcome } = (await fleet.ended(run)).tasks.get("load")!;
      assert.equal(state, "success", JSON.stringify(outcome));
      const path = `${cluster.local.url}/api/v1/namespaces/default/pods`;
      const created = (await (await fetch(`${path}/${pod!.name}`)).json()) as object;

      const settings = {
        defaultNamespace: "default",
        instance: fleet.instance,
        template: await readPodTemplate(template),
        mutators: mutatorsOf(await loadPlugins(PLUGIN)),
      };
      const { manifest } = renderManifest(spec, "load", settings);
      // The API server's defaults on both.
      const asked = await fetch(`${path}?dryRun=All`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(manifest),
      });
      const shown = new Map(leavesOf(await asked.json()));
      const made = new Map(leavesOf(created));
      const differing = new Set([...shown.keys(), ...made.keys()].filter(key => shown.get(key) !== made.get(key)));
      const theCluster = /^status\.|^metadata\.(uid|resourceVersion|creationTimestamp|generation)$|^spec\.nodeName$/;
      assert.deepEqual([...differing].filter(key => !theCluster.test(key)).sort(), [...RUN_TIME_VALUES].sort());

      const text = renderYaml(spec, "load", settings);
      for (const line of [
        /^ {4}windlass\.dev\/after-end: .*"onFinish":"keep","keepForMs":3600000,"onKill":"keep".* # windlass$/m,
        /^ {4}windlass\.dev\/logs: .*"main".* # windlass$/m,
        /^ {4}windlass\.dev\/task: load # windlass$/m,
        /^ {4}example\.com\/cost-center: sales # plugin$/m,
        /^ {4}site: one # installation$/m,
      ])
        assert.match(text, line);
    }));
});
