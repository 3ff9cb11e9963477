import assert from "node:assert/strict";
import { WindlassError } from "#core/errors.ts";
import { succeeded } from "#core/outcome.ts";
import { type Cluster, Clusters } from "../../../services/worker/clusters.ts";
import type { PodOperatorDeps } from "../../../services/worker/pod-operator.ts";
import type { TryRun } from "../../../services/worker/run-job.ts";

/** A cluster that only has a name. */
const clusterOf = (name: string): Cluster =>
  ({ kube: { name, close: async () => undefined }, reflectors: { name, close: () => undefined } }) as unknown as Cluster;
const nameOf = ({ kube }: Pick<PodOperatorDeps, "kube">): string => (kube as unknown as { name: string }).name;
const tryOn = (cluster?: string): TryRun =>
  ({ task: { operator: "pod", ...(cluster === undefined ? {} : { cluster }) } }) as TryRun;

function scene() {
  const opened: string[] = [];
  const known = new Set(["east"]);
  const ran: string[] = [];
  const clusters = new Clusters({
    own: clusterOf("own"),
    async open(context) {
      opened.push(context);
      if (!known.has(context)) throw new WindlassError("WL_KUBE_CONFIG", `context '${context}' names no cluster; contexts: east`);
      return clusterOf(context);
    },
    onOpened: name => opened.push(`${name} is open`),
  });
  const operator = clusters.spread({} as PodOperatorDeps, deps => async () => {
    ran.push(nameOf({ kube: deps.kube ?? clusterOf("own").kube }));
    return { type: "ended", outcome: succeeded() };
  });
  return { clusters, operator, opened, known, ran };
}

describe("Clusters", () => {
  const signal = new AbortController().signal;

  it("runs a task in the cluster that it names, which is opened once", async () => {
    const { operator, opened, ran, clusters } = scene();
    await Promise.all([operator(tryOn("east"), signal), operator(tryOn("east"), signal), operator(tryOn(), signal)]);
    assert.deepEqual(ran.toSorted(), ["east", "east", "own"]);
    assert.deepEqual(opened, ["east", "east is open"]);
    assert.deepEqual(
      [...clusters.all()].map(({ name }) => name),
      ["", "east"],
    );
  });

  it("fails a task that names an unknown one, and looks for it again the next time", async () => {
    const { operator, opened, known } = scene();
    const end = await operator(tryOn("west"), signal);
    assert.partialDeepStrictEqual(end, {
      type: "ended",
      outcome: {
        code: "ClusterUnknown",
        blame: "config",
        message: "the workers know no cluster 'west'",
        evidence: "context 'west' names no cluster; contexts: east",
      },
    });
    known.add("west");
    assert.partialDeepStrictEqual(await operator(tryOn("west"), signal), { outcome: { result: "success" } });
    assert.deepEqual(opened, ["west", "west", "west is open"]);
  });
});
