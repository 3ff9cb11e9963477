import assert from "node:assert/strict";
import fc from "fast-check";
import type { AssetUpdate } from "#core/asset-update.ts";
import { DagSpec } from "#core/dag-spec.ts";
import type { RunHeader } from "#core/run.ts";
import { createLogger } from "#runtime/logger.ts";
import { AssetRuns } from "../../../services/scheduler/asset-runs.ts";
import { inTerms, type Lifetime } from "./dying-leader.ts";

const EXPRESSION = { all: ["a", "b"] };
const SPEC = DagSpec.parse({ id: "report", schedule: { assets: EXPRESSION }, tasks: [{ id: "only", operator: "noop" }] });
const ROW = {
  id: "report",
  version: "v1",
  file: "report.ts",
  publishedAt: 0,
  tags: [],
  timezone: "UTC",
  taskCount: 1,
  schedule: { assets: EXPRESSION },
};

class World {
  readonly updates: AssetUpdate[] = [];
  readonly runs = new Map<string, RunHeader>();
  readonly seen = new Map<string, number>();
  readonly claimed = new Map<string, RunHeader>();
  /** Updates that come while a leader looks. */
  readonly during: string[] = [];
  paused = false;
  now = 0;

  update(asset: string): void {
    const number = this.updates.length + 1;
    this.updates.push({ asset, id: `${number}`, number, at: number });
  }

  leader(lifetime?: Lifetime): AssetRuns {
    const world = this;
    const assets = {
      count: async () => world.updates.length,
      seen: async () => new Map(world.seen),
      async since(names: readonly string[], number: number) {
        for (const asset of world.during.splice(0, 1)) world.update(asset);
        return new Map(names.map(name => [name, world.updates.filter(one => one.asset === name && one.number > number)]));
      },
      async claimRun({ dagId, from, to, header }: { dagId: string; from: number | undefined; to: number; header?: RunHeader }) {
        if (world.seen.get(dagId) !== from || world.claimed.has(dagId)) return false;
        world.seen.set(dagId, to);
        if (header !== undefined) world.claimed.set(dagId, header);
        return true;
      },
      claimedRuns: async () => new Map(world.claimed),
      settleRun: async (dagId: string) => void world.claimed.delete(dagId),
    };
    const runs = {
      createRun: async (header: RunHeader) => void (world.runs.has(header.id) || world.runs.set(header.id, header)),
    };
    return new AssetRuns({
      dags: { listDags: async () => [{ ...ROW, paused: world.paused }], getSpec: async () => SPEC },
      assets: lifetime?.bind(assets) ?? assets,
      createRun: (lifetime?.bind(runs) ?? runs).createRun,
      token: "one:1",
      now: () => world.now,
      log: createLogger("test", { level: "silent" }),
    });
  }

  /** The numbers of the updates that each run was told of. */
  told(): number[][] {
    return [...this.runs.values()].map(run => run.trigger.assets!.map(({ number }) => number));
  }
}

describe("AssetRuns", () => {
  const afterUpdates = async (...steps: readonly string[]): Promise<World> => {
    const world = new World();
    const leader = world.leader();
    await leader.pass();
    for (const step of steps) {
      for (const asset of step) world.update(asset);
      await leader.pass();
    }
    return world;
  };
  const table: readonly (readonly [what: string, steps: readonly string[], told: readonly (readonly number[])[]])[] = [
    ["nothing while a part is missing", ["a", "a"], []],
    ["one run when the last part comes", ["a", "b"], [[1, 2]]],
    ["one run for several updates", ["aab"], [[1, 2, 3]]],
    [
      "another one when all parts come again",
      ["ab", "b", "a"],
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["no run for what it does not wait for", ["ab", "cc"], [[1, 2]]],
  ];
  for (const [what, steps, told] of table) it(what, async () => assert.deepEqual((await afterUpdates(...steps)).told(), told));

  it("passes over what came before a DAG was first seen", async () => {
    const world = new World();
    for (const asset of "ab") world.update(asset);
    await world.leader().pass();
    assert.deepEqual(world.told(), []);
  });

  it("waits while the DAG is paused, and runs once afterwards", async () => {
    const world = await afterUpdates();
    world.paused = true;
    for (const asset of "abab") world.update(asset);
    await world.leader().pass();
    assert.deepEqual(world.told(), []);
    world.paused = false;
    await world.leader().pass();
    assert.deepEqual(world.told(), [[1, 2, 3, 4]]);
  });

  it("tells of every update in one run at most, and of all that made a condition hold, whenever leaders die", async () => {
    const moments = fc.array(fc.constantFrom("a", "b", "c", "pass"), { maxLength: 30 });
    const lives = fc.array(fc.record({ calls: fc.nat({ max: 15 }), lastTakesEffect: fc.boolean() }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(moments, fc.array(fc.constantFrom("a", "b")), lives, async (steps, during, terms) => {
        const world = new World();
        world.during.push(...during);
        await world.leader().pass();
        const todo = [...steps];
        await inTerms(terms, async lifetime => {
          const leader = world.leader(lifetime);
          for (let step = todo.shift(); step !== undefined; step = todo.shift()) {
            if (step === "pass") await leader.pass();
            else world.update(step);
          }
          await leader.pass();
        });
        // Each update that comes asks for another look.
        world.during.length = 0;
        await world.leader().pass();
        const told = world.told().flat();
        assert.equal(new Set(told).size, told.length, "told twice");
        const seen = world.seen.get("report")!;
        const since = world.updates.filter(({ number }) => number > seen).map(({ asset }) => asset);
        assert.ok(!(since.includes("a") && since.includes("b")), "a condition that holds was passed over");
        for (const { asset, number } of world.updates)
          if (asset !== "c" && number <= seen) assert.ok(told.includes(number), `${asset} ${number} was heard of and not told`);
        assert.equal(world.claimed.size, 0);
      }),
      { numRuns: 300 },
    );
  });
});
