import assert from "node:assert/strict";
import fc from "fast-check";
import { DagSpec } from "#core/dag-spec.ts";
import { findCycle, indexDag } from "#core/graph.ts";
import { arbitraryEdges, tasksOf } from "../../support/core/arbitrary-dag.ts";

/** "a b>c" → task a, task b, task c after b. */
const parse = (text: string) => tasksOf(text.split(" ").filter(word => word !== ""));

describe("findCycle", () => {
  const table: readonly (readonly [tasks: string, cycle: string | undefined])[] = [
    ["", undefined],
    ["a", undefined],
    ["a>b b>c", undefined],
    ["a>b a>c b>d c>d", undefined],
    ["a>a", "a a"],
    ["a>b b>a", "a b a"],
    ["a>b b>c c>a", "a b c a"],
    ["start>a a>b b>c c>a c>end", "a b c a"],
    ["a>b b>c c>b", "b c b"],
    ["x y z>y p>q q>p", "p q p"],
  ];
  for (const [tasks, expected] of table) {
    it(`${expected ?? "nothing"} in "${tasks}"`, () => {
      const cycle = findCycle(parse(tasks));
      if (expected === undefined) return assert.equal(cycle, undefined);
      // A circle has no beginning: compare as a ring.
      const ring = expected.split(" ").slice(1);
      const turns = ring.map((_, by) => [...ring.slice(by), ...ring.slice(0, by)].join(" "));
      assert.ok(cycle !== undefined && cycle[0] === cycle.at(-1) && turns.includes(cycle.slice(1).join(" ")), cycle?.join(" → "));
    });
  }

  it("ignores edges to tasks that are not there", () => {
    assert.equal(findCycle([{ id: "a", upstream: ["ghost"] }]), undefined);
  });

  it("does not overflow on a chain of 20,000 tasks", () => {
    const chain = Array.from({ length: 20_000 }, (_, index) => ({
      id: `t${index}`,
      upstream: index === 0 ? [] : [`t${index - 1}`],
    }));
    assert.equal(findCycle(chain), undefined);
    chain[0]!.upstream = ["t19999"];
    assert.equal(findCycle(chain)?.length, 20_001);
  });

  it("finds a circle exactly where there is one, and every step of it is an edge", () => {
    const anyEdges = fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 20 });
    fc.assert(
      fc.property(anyEdges, pairs => {
        const tasks = tasksOf(pairs.map(([up, down]) => `t${up}>t${down}`));
        const cycle = findCycle(tasks);
        assert.equal(cycle === undefined, canBeSorted(tasks));
        for (const [index, down] of (cycle ?? []).slice(1).entries()) {
          assert.ok(tasks.find(task => task.id === down)?.upstream.includes(cycle![index]!));
        }
      }),
    );
  });
});

/** Kahn's algorithm, the plainest way to say "no circle". */
function canBeSorted(tasks: readonly { id: string; upstream: readonly string[] }[]): boolean {
  const left = new Map(tasks.map(task => [task.id, new Set(task.upstream)]));
  for (;;) {
    const free = [...left].filter(([, upstream]) => upstream.size === 0).map(([id]) => id);
    if (free.length === 0) return left.size === 0;
    for (const id of free) left.delete(id);
    for (const upstream of left.values()) for (const id of free) upstream.delete(id);
  }
}

describe("indexDag", () => {
  it("indexes both ways", () => {
    const graph = indexDag(
      DagSpec.parse({ id: "x", tasks: parse("a>b a>c b>d c>d e").map(task => ({ ...task, operator: "empty" })) }),
    );
    assert.deepEqual([...graph.tasks.keys()], ["a", "b", "c", "d", "e"]);
    assert.deepEqual(graph.downstream.get("a"), ["b", "c"]);
    assert.deepEqual(
      [graph.starters, graph.leaves],
      [
        ["a", "e"],
        ["d", "e"],
      ],
    );
  });

  it("keeps every edge, once in each direction", () => {
    fc.assert(
      fc.property(arbitraryEdges, edges => {
        const tasks = tasksOf(edges);
        const graph = indexDag(DagSpec.parse({ id: "x", tasks: tasks.map(task => ({ ...task, operator: "noop" })) }));
        const up = tasks.flatMap(task => task.upstream.map(id => `${id}>${task.id}`)).toSorted();
        const down = [...graph.downstream].flatMap(([id, list]) => list.map(other => `${id}>${other}`)).toSorted();
        assert.deepEqual(down, up);
      }),
    );
  });
});
