import assert from "node:assert/strict";
import fc from "fast-check";
import { isFinal, isRunFinal } from "#core/run.ts";
import { arbitraryEdges } from "../../support/core/arbitrary-dag.ts";
import { type DagShape, graphOf } from "../../support/core/graph-of.ts";
import { type Ending, World } from "../../support/core/world.ts";

const ENDINGS: readonly Ending[] = ["success", "success", "failed", "up_for_retry", "restarting", "cancelled"];

/** One thing that may happen; `pick` chooses among what it can happen to. */
const HAPPENINGS: Readonly<Record<string, (world: World, pick: number) => void>> = {
  "a message arrives": (world, pick) => deliver(world, pick, 1),
  "two messages arrive together": (world, pick) => deliver(world, pick, 2),
  "an old message arrives again": (world, pick) => {
    const event = oneOf(world.sent, pick);
    if (event) world.apply(event);
  },
  "a message is lost": (world, pick) => void take(world, pick),
  "a worker takes a job": (world, pick) => world.begin(oneOf([...world.jobs.keys()], pick) ?? ""),
  "a worker ends a try": (world, pick) => world.finish(oneOf(heldJobs(world), pick) ?? "", ENDINGS[pick % ENDINGS.length]!),
  "a worker loses its lock": (world, pick) => world.begin(oneOf(heldJobs(world), pick) ?? ""),
  "a job is removed by hand": (world, pick) => void world.jobs.delete(oneOf([...world.jobs.keys()], pick) ?? ""),
  "a person presses Retry": (world, pick) => world.retry(oneOf([...world.failedJobs.keys()], pick) ?? ""),
  "the leader reconciles": world => void world.reconcile(),
  "another leader takes over": world => void world.restartLeader(),
};

const oneOf = <T>(list: readonly T[], pick: number): T | undefined => list[pick % Math.max(1, list.length)];
const heldJobs = (world: World): string[] => [...world.jobs].filter(([, job]) => job.claim !== undefined).map(([id]) => id);
const take = (world: World, pick: number) => world.inbox.splice(pick % Math.max(1, world.inbox.length), 1);

function deliver(world: World, pick: number, count: number): void {
  const events = Array.from({ length: count }, (_, index) => take(world, pick >> index)).flat();
  if (events.length > 0) world.apply(...events);
}

/** From here on nothing goes wrong any more. */
function comeToRest(world: World): void {
  for (let round = 0; round < 100; round++) {
    if (world.inbox.length > 0) world.apply(...world.inbox.splice(0));
    world.reconcile();
    const jobs = [...world.jobs.keys()];
    if (jobs.length === 0 && world.inbox.length === 0 && isRunFinal(world.run.state)) return;
    for (const id of jobs) {
      world.begin(id);
      world.finish(id, "success");
    }
  }
  assert.fail(
    `the run never ended: ${world.run.state}; ${[...world.records].map(([id, { state }]) => `${id} ${state}`).join(", ")}`,
  );
}

const anyShape: fc.Arbitrary<DagShape> = arbitraryEdges.chain(edges => {
  const ids = [...new Set(edges.flatMap(edge => edge.split(">")))];
  const few = { maxLength: Math.min(3, ids.length) };
  return fc.record({
    edges: fc.constant(edges),
    empty: fc.subarray(ids, few),
    allDone: fc.subarray(ids, few),
  });
});

const anyHistory = fc.array(fc.tuple(fc.constantFrom(...Object.keys(HAPPENINGS)), fc.nat(1_000)), { maxLength: 80 });

describe("step, whatever happens", () => {
  // The World asserts at every move: legal transitions, upstreams done before a start, no end over a live task, the same step for the same events.
  it("ends every run, and afterwards no message changes anything", () => {
    fc.assert(
      fc.property(anyShape, anyHistory, (shape, history) => {
        const world = new World(graphOf(shape));
        world.apply({ type: "run.admitted", at: world.now() });
        for (const [name, pick] of history) HAPPENINGS[name]!(world, pick);
        comeToRest(world);
        const end = world.run;
        for (const event of world.sent) assert.deepEqual(world.apply(event), []);
        assert.deepEqual(world.run, end);
      }),
      { numRuns: 1_500 },
    );
  });

  it("ends every cancelled run without starting another task", () => {
    fc.assert(
      fc.property(anyShape, anyHistory, anyHistory, (shape, before, after) => {
        const world = new World(graphOf(shape));
        world.apply({ type: "run.admitted", at: world.now() });
        for (const [name, pick] of before) HAPPENINGS[name]!(world, pick);
        world.requestCancel();
        world.apply(...world.inbox.splice(0));
        const untouched = [...world.graph.tasks.keys()].filter(id => world.record(id).gen === 0);
        for (const [name, pick] of after) HAPPENINGS[name]!(world, pick);
        comeToRest(world);
        if (world.run.cancelAt !== undefined)
          for (const id of untouched) assert.equal(world.record(id).gen, 0, `${id} was started`);
        for (const id of world.graph.tasks.keys()) assert.ok(isFinal(world.record(id).state));
      }),
      { numRuns: 1_000 },
    );
  });

  it("comes to the same end whatever the order of the messages", () => {
    fc.assert(
      fc.property(anyShape, fc.array(fc.nat(1_000), { maxLength: 60 }), fc.nat(6), (shape, picks, bad) => {
        const endOf = (order: (world: World, index: number) => number): Record<string, string> => {
          const world = new World(graphOf(shape));
          world.apply({ type: "run.admitted", at: world.now() });
          for (let index = 0; world.jobs.size > 0 || world.inbox.length > 0; index++) {
            for (const [id, { taskId }] of [...world.jobs]) {
              world.begin(id);
              world.finish(id, taskId === `t${bad}` ? "failed" : "success");
            }
            world.apply(...take(world, order(world, index)));
          }
          return { run: world.run.state, ...Object.fromEntries([...world.records].sort().map(([id, { state }]) => [id, state])) };
        };
        assert.deepEqual(
          endOf((_, index) => picks[index] ?? 0),
          endOf(() => 0),
        );
      }),
      { numRuns: 500 },
    );
  });
});
