import assert from "node:assert/strict";
import { WindlassError } from "#core/errors.ts";
import { PodSpec } from "#core/pod/pod-spec.ts";
import { type PodRequest, renderTry } from "#kube/manifest.ts";
import type { PodMutator } from "#kube/mutate-pod.ts";

const key = { dagId: "etl", runId: "etl~1", taskId: "load", try: 1, infra: 0 };

const render = (mutators: readonly PodMutator["mutate"][], pod: Partial<PodSpec> = {}) => {
  const request: PodRequest = {
    pod: PodSpec.parse({ image: "busybox:1.36", ...pod }),
    key,
    settings: {
      defaultNamespace: "tasks",
      instance: "prod",
      mutators: mutators.map((mutate, index) => ({ plugin: `p${index}`, mutate })),
    },
  };
  return renderTry(request);
};

const labelled =
  (name: string): PodMutator["mutate"] =>
  pod => ({
    ...pod,
    metadata: { ...pod.metadata, labels: { ...pod.metadata?.labels, [name]: Object.keys(pod.metadata?.labels ?? {}).join() } },
  });

describe("mutators of a pod", () => {
  it("come one after the other, behind what the task says and before what is Windlass' own", () => {
    const { labels } = render([labelled("first"), labelled("second")], { labels: { team: "data" } }).manifest.metadata;
    assert.equal(labels.first, "team");
    assert.equal(labels.second, "team,first");
    assert.equal(labels["windlass.dev/task"], "load");
  });

  it("may change the pod they get: it is a copy", () => {
    const swap: PodMutator["mutate"] = pod => {
      pod.spec!.containers[0]!.image = `mirror.example.com/${pod.spec!.containers[0]!.image}`;
      pod.spec!.tolerations = [{ key: "dedicated", operator: "Exists" }];
      return pod;
    };
    const { manifest } = render([swap]);
    assert.equal(manifest.spec.containers[0]!.image, "mirror.example.com/busybox:1.36");
    assert.deepEqual(manifest.spec.tolerations, [{ key: "dedicated", operator: "Exists" }]);
    assert.equal(render([]).manifest.spec.containers[0]!.image, "busybox:1.36");
  });

  it("know the try, and show as the origin of what they set", () => {
    const { manifest, provenance } = render([
      (pod, context) => ({ ...pod, metadata: { ...pod.metadata, annotations: { try: JSON.stringify(context) } } }),
    ]);
    assert.deepEqual(JSON.parse(manifest.metadata.annotations.try!), key);
    assert.deepEqual(
      provenance()
        .at("metadata.annotations[try]")
        .map(({ layer }) => layer),
      ["plugin"],
    );
    assert.equal(provenance().at("spec.containers[0].image")[0]?.layer, "task");
  });

  it("make the same manifest, hash included, wherever it is rendered", () =>
    assert.deepEqual(render([labelled("a")]).manifest, render([labelled("a")]).manifest));

  const main =
    (change: object): PodMutator["mutate"] =>
    pod => {
      Object.assign(pod.spec!.containers[0]!, change);
      return pod;
    };
  const refused: readonly (readonly [what: string, mutate: PodMutator["mutate"], message: RegExp])[] = [
    ["throws", () => assert.fail("only images of our registry"), /plugin 'p0', mutatePod: only images of our registry/],
    ["returns nothing", (() => undefined) as unknown as PodMutator["mutate"], /returned nothing; return the pod/],
    ["is async", (async (pod: unknown) => pod) as unknown as PodMutator["mutate"], /must not be async/],
    ["chooses the node", pod => ({ ...pod, spec: { ...pod.spec!, nodeName: "node-1" } }), /spec\.nodeName: .*nodeSelector/],
    ["sets a label of Windlass' own", labelled("windlass.dev/try"), /metadata\.labels\.windlass\.dev\/try/],
    ["restarts the container", pod => ({ ...pod, spec: { ...pod.spec!, restartPolicy: "Always" } }), /spec\.restartPolicy/],
    ["moves the result", main({ terminationMessagePath: "/tmp/x" }), /terminationMessagePath: .*result/],
    ["renames the task's container", main({ name: "other" }), /one container 'main'/],
    ["names the pod", pod => ({ ...pod, metadata: { ...pod.metadata, name: "mine" } }), /metadata\.name/],
  ];
  for (const [what, mutate, message] of refused) {
    it(`are refused when one ${what}`, () =>
      assert.throws(
        () => render([mutate]),
        (error: unknown) => error instanceof WindlassError && error.code === "WL_PLUGIN" && message.test(error.message),
      ));
  }
});
