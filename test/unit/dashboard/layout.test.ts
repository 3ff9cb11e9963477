import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import { openLayouts } from "../../../services/dashboard/layout/layouts.ts";
import { rankLayout } from "../../../services/dashboard/layout/rank-layout.ts";

const dagOf = (edges: Readonly<Record<string, readonly string[]>>) =>
  DagSpec.parse({ id: "d", tasks: Object.entries(edges).map(([id, upstream]) => ({ id, operator: "noop", upstream })) });

/** Where drawings are kept, and how often one was. */
function shelf() {
  const kept = new Map<string, string>();
  let puts = 0;
  return {
    puts: () => puts,
    getLayout: async (version: string) => kept.get(version),
    putLayout: async (version: string, layout: string) => {
      puts++;
      kept.set(version, layout);
    },
  };
}

const fail = (_version: string, error: unknown): never => {
  throw error;
};

describe("layouts", () => {
  const spec = dagOf({ "x.a": [], "x.b": ["x.a"], c: ["x.b", "gone"] });

  it("reads from left to right, with a box around each group", async () => {
    const layout = await openLayouts({ dags: shelf(), onFailure: fail }).of("v", spec);
    const [a, b, c] = layout.nodes;
    assert.ok(a!.x + a!.width < b!.x && b!.x + b!.width < c!.x);
    const [group] = layout.groups;
    assert.deepEqual([group!.id, group!.label, layout.groups.length], ["x", "x", 1]);
    for (const inside of [a!, b!]) {
      assert.ok(inside.x > group!.x && inside.x + inside.width < group!.x + group!.width);
      assert.ok(inside.y > group!.y && inside.y + inside.height < group!.y + group!.height);
    }
    assert.deepEqual(
      layout.edges.map(({ from, to }) => `${from} ${to}`),
      ["x.a x.b", "x.b c"],
    );
    for (const { from, points } of layout.edges) {
      const node = layout.nodes.find(({ id }) => id === from)!;
      assert.deepEqual(points.slice(0, 2), [node.x + node.width, node.y + node.height / 2], "an edge begins at its node");
    }
  });

  it("draws a version once, also for two who ask at the same time", async () => {
    const dags = shelf();
    const layouts = openLayouts({ dags, onFailure: fail });
    const [one, other] = await Promise.all([layouts.of("v", spec), layouts.of("v", spec)]);
    assert.deepEqual(one, other);
    await layouts.of("v", spec);
    assert.equal(dags.puts(), 1);
  });

  it("draws in the simple way when the better one takes too long", async () => {
    const failures: string[] = [];
    const layouts = openLayouts({ dags: shelf(), onFailure: version => failures.push(version), withinMs: 0 });
    assert.deepEqual(await layouts.of("v", spec), rankLayout(spec));
    assert.deepEqual(failures, ["v"]);
  });
});

describe("rankLayout", () => {
  it("stands each task right of all its upstreams, and two nowhere on each other", () => {
    const spec = dagOf({ d: ["b", "c"], a: [], b: ["a"], c: ["b"], e: [] });
    const { nodes } = rankLayout(spec);
    const at = new Map(nodes.map(node => [node.id, node]));
    for (const { id, upstream } of spec.tasks)
      for (const up of upstream) assert.ok(at.get(up)!.x < at.get(id)!.x, `${up} before ${id}`);
    assert.equal(new Set(nodes.map(({ x, y }) => `${x} ${y}`)).size, nodes.length);
  });
});
