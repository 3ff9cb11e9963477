import assert from "node:assert/strict";
import { Origins } from "#core/pod/origins.ts";
import { strategicMerge } from "#core/pod/strategic-merge.ts";

/** Results of `kubectl patch --local --type=strategic` (1.34), frozen, but for the rows that say otherwise. */
const ROWS: readonly (readonly [title: string, base: object, patch: object, expected: object])[] = [
  [
    "merges containers by name and keeps what the patch does not say",
    { spec: { containers: [{ name: "main", image: "a", tty: true }] } },
    { spec: { containers: [{ name: "main", image: "b" }] } },
    { spec: { containers: [{ name: "main", image: "b", tty: true }] } },
  ],
  [
    "keeps the base's order and puts new items behind (kubectl puts them first)",
    { spec: { containers: [{ name: "main" }, { name: "side" }] } },
    { spec: { containers: [{ name: "new" }, { name: "side", image: "s" }] } },
    { spec: { containers: [{ name: "main" }, { name: "side", image: "s" }, { name: "new" }] } },
  ],
  [
    "replaces lists without a key",
    { spec: { containers: [{ name: "main", args: ["a", "b"] }], tolerations: [{ key: "x" }] } },
    { spec: { containers: [{ name: "main", args: ["c"] }], tolerations: [{ key: "y" }] } },
    { spec: { containers: [{ name: "main", args: ["c"] }], tolerations: [{ key: "y" }] } },
  ],
  [
    "merges maps by key, and null deletes",
    { metadata: { labels: { a: "1", b: "2" } }, spec: { nodeSelector: { disk: "ssd" } } },
    { metadata: { labels: { a: null, c: "3" } }, spec: { nodeSelector: null } },
    { metadata: { labels: { b: "2", c: "3" } }, spec: {} },
  ],
  [
    "a null in something new is nothing",
    { spec: {} },
    { spec: { securityContext: { runAsUser: null, fsGroup: 5 } } },
    { spec: { securityContext: { fsGroup: 5 } } },
  ],
  [
    "$patch: delete removes an item",
    {
      spec: {
        volumes: [
          { name: "a", emptyDir: {} },
          { name: "b", emptyDir: {} },
        ],
      },
    },
    { spec: { volumes: [{ name: "a", $patch: "delete" }] } },
    { spec: { volumes: [{ name: "b", emptyDir: {} }] } },
  ],
  [
    "$patch: replace in a list replaces it",
    { spec: { initContainers: [{ name: "a", image: "x" }] } },
    { spec: { initContainers: [{ $patch: "replace" }, { name: "b", image: "y" }] } },
    { spec: { initContainers: [{ name: "b", image: "y" }] } },
  ],
  [
    "$patch: replace in a struct replaces it",
    { spec: { securityContext: { runAsUser: 1, fsGroup: 2 } } },
    { spec: { securityContext: { $patch: "replace", fsGroup: 3 } } },
    { spec: { securityContext: { fsGroup: 3 } } },
  ],
  [
    "$patch: delete in a struct empties it",
    { spec: { securityContext: { runAsUser: 1 } } },
    { spec: { securityContext: { $patch: "delete" } } },
    { spec: { securityContext: {} } },
  ],
  [
    "$retainKeys removes what it does not name",
    { spec: { volumes: [{ name: "v", emptyDir: {} }] } },
    { spec: { volumes: [{ name: "v", $retainKeys: ["name", "hostPath"], hostPath: { path: "/x" } }] } },
    { spec: { volumes: [{ name: "v", hostPath: { path: "/x" } }] } },
  ],
  [
    "a volume has one source: the new one (kubectl leaves both)",
    { spec: { volumes: [{ name: "v", emptyDir: { medium: "Memory" } }] } },
    { spec: { volumes: [{ name: "v", secret: { secretName: "s" } }] } },
    { spec: { volumes: [{ name: "v", secret: { secretName: "s" } }] } },
  ],
  [
    "a variable has a value or a reference: the new one (kubectl leaves both)",
    { spec: { containers: [{ name: "main", env: [{ name: "A", value: "1" }] }] } },
    { spec: { containers: [{ name: "main", env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] }] } },
    { spec: { containers: [{ name: "main", env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] }] } },
  ],
  [
    "$setElementOrder moves items in the places they have",
    { spec: { initContainers: [{ name: "a" }, { name: "b" }, { name: "c" }] } },
    { spec: { "$setElementOrder/initContainers": [{ name: "c" }, { name: "a" }] } },
    { spec: { initContainers: [{ name: "c" }, { name: "b" }, { name: "a" }] } },
  ],
  [
    "mounts are told apart by their path, ports by their number, aliases by their address",
    {
      spec: {
        hostAliases: [{ ip: "1.1.1.1", hostnames: ["a"] }],
        containers: [{ name: "m", volumeMounts: [{ name: "v", mountPath: "/a" }], ports: [{ containerPort: 1, name: "x" }] }],
      },
    },
    {
      spec: {
        hostAliases: [{ ip: "1.1.1.1", hostnames: ["b"] }],
        containers: [
          { name: "m", volumeMounts: [{ name: "w", mountPath: "/a" }], ports: [{ containerPort: 1, protocol: "UDP" }] },
        ],
      },
    },
    {
      spec: {
        hostAliases: [{ ip: "1.1.1.1", hostnames: ["b"] }],
        containers: [
          {
            name: "m",
            volumeMounts: [{ name: "w", mountPath: "/a" }],
            ports: [{ containerPort: 1, name: "x", protocol: "UDP" }],
          },
        ],
      },
    },
  ],
  [
    "a label that is called like a list is a label",
    { metadata: { labels: { env: "prod", containers: "x" } } },
    { metadata: { labels: { env: "test" } } },
    { metadata: { labels: { env: "test", containers: "x" } } },
  ],
];

describe("strategicMerge", () => {
  for (const [title, base, patch, expected] of ROWS) {
    it(title, () => {
      const [baseText, patchText] = [JSON.stringify(base), JSON.stringify(patch)];
      assert.deepEqual(strategicMerge(base, patch), expected);
      assert.deepEqual([JSON.stringify(base), JSON.stringify(patch)], [baseText, patchText], "the arguments are not changed");
    });
  }

  it("refuses an item without the key that tells it apart", () => {
    assert.throws(
      () => strategicMerge({ spec: { containers: [{ name: "main" }] } }, { spec: { containers: [{ image: "x" }] } }),
      /every item of a list of Container needs its "name"/,
    );
  });

  it("notes who set what, also what was taken away", () => {
    const origins = new Origins();
    const base = strategicMerge({}, { spec: { securityContext: { runAsUser: 1, fsGroup: 2 } } }, { layer: "low", origins });
    strategicMerge(base, { spec: { securityContext: { runAsUser: 5, fsGroup: null } } }, { layer: "high", origins });
    const security = origins.child("spec").child("securityContext");
    assert.equal(origins.find("spec")?.layer, "low");
    assert.equal(security.find("runAsUser")?.layer, "high");
    assert.equal(security.find("fsGroup")?.layer, "high");
    assert.equal(security.find("runAsGroup"), undefined);
  });
});
