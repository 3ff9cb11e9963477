import assert from "node:assert/strict";
import { DagSpec, type DagSpecInput } from "#core/dag-spec.ts";
import { diffSpecs, type SpecDiff } from "#core/diff-specs.ts";

const pod = (id: string, image: string, more: object = {}) => ({ id, operator: "pod" as const, pod: { image, ...more } });

const spec = (change: Partial<DagSpecInput> = {}): DagSpec =>
  DagSpec.parse({ id: "etl", tasks: [pod("load", "etl:1"), pod("save", "etl:1")], ...change });

const NOTHING: SpecDiff = { added: [], removed: [], changed: [], dag: [] };

const ROWS: readonly [string, Partial<DagSpecInput>, Partial<DagSpecInput>, Partial<SpecDiff>][] = [
  ["the same", {}, {}, {}],
  [
    "another place in the file",
    { tasks: [{ ...pod("load", "etl:1"), source: { file: "a.ts", line: 3 } }] },
    { tasks: [{ ...pod("load", "etl:1"), source: { file: "a.ts", line: 9 } }] },
    {},
  ],
  [
    "another image tag",
    {},
    { tasks: [pod("load", "etl:2"), pod("save", "etl:1")] },
    { changed: [{ taskId: "load", differences: [{ path: "/pod/image", from: "etl:1", to: "etl:2" }] }] },
  ],
  [
    "a task more and one less",
    {},
    { tasks: [pod("load", "etl:1"), pod("check", "etl:1")] },
    { added: ["check"], removed: ["save"] },
  ],
  [
    "an option that comes and one that goes",
    { owner: "data" },
    { maxActiveRuns: 1 },
    {
      dag: [
        { path: "/maxActiveRuns", from: 16, to: 1 },
        { path: "/owner", from: "data" },
      ],
    },
  ],
  [
    "names that a pointer has to escape, and lists as one value",
    { tasks: [pod("load", "etl:1", { labels: { "app/part": "a" }, args: ["a", "b"] })] },
    { tasks: [pod("load", "etl:1", { labels: { "app/part": "b" }, args: ["a", "c"] })] },
    {
      changed: [
        {
          taskId: "load",
          differences: [
            { path: "/pod/args", from: ["a", "b"], to: ["a", "c"] },
            { path: "/pod/labels/app~1part", from: "a", to: "b" },
          ],
        },
      ],
    },
  ],
];

describe("diffSpecs", () => {
  for (const [what, from, to, expected] of ROWS) {
    it(what, () => assert.deepEqual(diffSpecs(spec(from), spec(to)), { ...NOTHING, ...expected }));
  }

  it("looks at fields by name, not by place", () => {
    const tasks = [{ pod: { args: ["a"], image: "etl:1" }, operator: "pod" as const, id: "load" }];
    assert.deepEqual(diffSpecs(spec({ tasks }), spec({ tasks: [pod("load", "etl:1", { args: ["a"] })] })), NOTHING);
  });
});
