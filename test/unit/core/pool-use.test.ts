import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import { indexDag } from "#core/graph.ts";
import { poolUse } from "#core/pool-use.ts";
import { newRun, type TaskState } from "#core/run.ts";

const GRAPH = indexDag(
  DagSpec.parse({
    id: "d",
    tasks: [
      { id: "plain", operator: "noop" },
      { id: "small", operator: "noop", pool: "etl" },
      { id: "big", operator: "noop", pool: "etl", poolSlots: 3 },
      { id: "lost", operator: "noop", pool: "gone" },
    ],
  }),
);

const runOf = (states: Record<string, TaskState>) => ({
  run: {
    ...newRun({ id: "d~1", dagId: "d", version: "v", trigger: { kind: "manual" as const }, conf: {}, createdAt: 1 }),
    tasks: new Map(Object.entries(states).map(([id, state]) => [id, { state, gen: 1, try: 1, epoch: 1, infra: 0 }])),
  },
  graph: GRAPH,
});

describe("poolUse", () => {
  it("counts slots by state; the default pool has no limit, and an unknown one no slots", () => {
    const runs = [
      runOf({ plain: "running", small: "running", big: "queued", lost: "scheduled" }),
      runOf({ plain: "success", small: "up_for_retry", big: "scheduled", lost: "none" }),
    ];
    const nothing = { occupied: 0, queued: 0, running: 0, waiting: 0, deferred: 0 };
    assert.deepEqual(poolUse([{ name: "etl", slots: 8, description: "for etl" }], runs), [
      { name: "default", slots: 0, ...nothing, occupied: 1, running: 1 },
      { name: "etl", slots: 8, description: "for etl", ...nothing, open: 3, occupied: 5, queued: 4, running: 1, waiting: 3 },
      { name: "gone", slots: 0, ...nothing, open: 0, waiting: 1 },
    ]);
  });

  for (const [includeDeferred, open] of [
    [true, 1],
    [false, 2],
  ] as const) {
    it(`${includeDeferred ? "counts" : "does not count"} the deferred as occupied where the pool says so`, () => {
      const [, etl] = poolUse([{ name: "etl", slots: 2, includeDeferred }], [runOf({ small: "deferred" })]);
      assert.deepEqual([etl!.open, etl!.deferred], [open, 1]);
    });
  }

  it("has no less than no slots open", () => {
    const [, etl] = poolUse([{ name: "etl", slots: 1 }], [runOf({ big: "running" })]);
    assert.deepEqual([etl!.open, etl!.occupied], [0, 3]);
  });
});
