import assert from "node:assert/strict";
import fc from "fast-check";
import { DagSpec, type DagSpecInput, type WeightRule } from "#core/dag-spec.ts";
import { descendants, indexDag } from "#core/graph.ts";
import { priorityOf, weightOf } from "#core/weight.ts";

/** Words such as "a>b"; priorities by id. */
function graphOf(edges: readonly string[], weightRule: WeightRule | undefined, priorities: Record<string, number> = {}) {
  const pairs = edges.map(edge => edge.split(">") as [string, string]);
  const ids = [...new Set([...pairs.flat(), ...Object.keys(priorities)])];
  const tasks = ids.map(id => ({
    id,
    operator: "noop" as const,
    upstream: pairs.filter(([, down]) => down === id).map(([up]) => up),
    ...(priorities[id] === undefined ? {} : { priority: priorities[id] }),
  }));
  const spec: DagSpecInput = { id: "d", tasks, ...(weightRule === undefined ? {} : { weightRule }) };
  return indexDag(DagSpec.parse(spec));
}

const DIAMOND = ["a>b", "a>c", "b>d", "c>d"];

describe("weights", () => {
  const table: readonly (readonly [rule: WeightRule | undefined, weights: Record<string, number>])[] = [
    [undefined, { a: 1, b: 5, c: 1, d: 2 }],
    ["absolute", { a: 1, b: 5, c: 1, d: 2 }],
    ["downstream", { a: 9, b: 7, c: 3, d: 2 }],
    ["upstream", { a: 1, b: 6, c: 2, d: 9 }],
  ];
  for (const [rule, weights] of table) {
    it(`by rule ${rule ?? "that is not named"}`, () => {
      const graph = graphOf(DIAMOND, rule, { b: 5, d: 2 });
      assert.deepEqual(Object.fromEntries(Object.keys(weights).map(id => [id, weightOf(graph, id)])), weights);
    });
  }

  it("count every task that comes after once, however many ways lead there", () => {
    const edge = fc.tuple(fc.nat(60), fc.nat(60)).filter(([a, b]) => a < b);
    fc.assert(
      fc.property(
        fc.uniqueArray(edge, { maxLength: 150, selector: String }),
        fc.array(fc.integer({ min: -3, max: 9 })),
        (pairs, own) => {
          const edges = pairs.map(([a, b]) => `t${a}>t${b}`);
          const priorities = Object.fromEntries(own.map((priority, i) => [`t${i}`, priority]));
          const graph = graphOf(edges, "downstream", { t0: 1, ...priorities });
          for (const { id, priority = 1 } of graph.spec.tasks) {
            const after = [...descendants(graph, [id])].map(one => graph.tasks.get(one)!.priority ?? 1);
            assert.equal(
              weightOf(graph, id),
              after.reduce((sum, one) => sum + one, priority),
            );
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  it("are right across the words and passes of a long chain", () => {
    const edges = Array.from({ length: 699 }, (_, i) => `t${i}>t${i + 1}`);
    const graph = graphOf(edges, "downstream");
    for (const place of [0, 1, 31, 32, 255, 256, 443, 699]) assert.equal(weightOf(graph, `t${place}`), 700 - place);
  });
});

describe("priorityOf", () => {
  for (const [weight, priority] of [
    [1, 999_999],
    [1_000, 999_000],
    [0, 1_000_000],
    [5_000_000, 1],
    [-1_000_000, 2_000_000],
    [-9_000_000, 2_097_151],
  ] as const) {
    it(`of weight ${weight} is ${priority}`, () => assert.equal(priorityOf(weight), priority));
  }
});
