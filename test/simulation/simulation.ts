import assert from "node:assert/strict";
import fc from "fast-check";
import { isFinal, isLive } from "#core/run.ts";
import { EAGER, endOf, HOLDS } from "../support/core/airflow-rules.ts";
import { type DagShape, graphOf } from "../support/core/graph-of.ts";
import { World } from "../support/core/world.ts";
import { anyShape } from "./arbitrary-shape.ts";
import { comeToRest, HAPPENINGS, type Scene } from "./happenings.ts";
import { LeaderGate } from "./leader-gate.ts";

/** What happens, one after the other; the number chooses what it happens to. */
type History = readonly (readonly [happening: string, pick: number])[];

const historyOf = (happenings: readonly string[]): fc.Arbitrary<History> =>
  fc.array(fc.tuple(fc.constantFrom(...happenings), fc.nat(1_000)), { maxLength: 60 });

/** After these the upstreams may have been something else when a task was decided. */
const BY_HAND: ReadonlySet<string> = new Set([
  "a person acts",
  "a person cancels",
  "the run's time is up",
  "a person presses Retry",
]);

const ALL = Object.keys(HAPPENINGS);
const anyHistory = fc.oneof(historyOf(ALL), historyOf(ALL.filter(name => !BY_HAND.has(name))));

const STARTS: ReadonlySet<string> = new Set(["none", "scheduled"]);

/** Lives one history through, then lets the run come to its end, and checks all that must hold on the way and afterwards. */
function live(shape: DagShape, slots: number, history: History, chance: number): void {
  const gate = new LeaderGate();
  const graph = graphOf({ ...shape, dag: { ...shape.dag, maxActiveTasksPerRun: slots } });
  const world = new World(graph, { gate, conf: { x: 1 } });
  gate.settle(world);
  const scene: Scene = { world, gate };
  const settle = () => {
    gate.settle(world);
    gate.check(world);
    checkMaps(world);
  };
  world.apply({ type: "run.admitted", at: world.now() });
  settle();
  for (const [name, pick] of history) {
    HAPPENINGS[name]!(scene, pick);
    settle();
  }
  comeToRest(scene, chance);
  checkEnd(world);
  if (history.some(([name]) => BY_HAND.has(name))) return;
  checkRules(world);
  checkBranches(world);
  checkMapEnds(world);
}

/** As many instances at once as the map says. */
function checkMaps({ graph, records }: World): void {
  for (const { id, map } of graph.spec.tasks) {
    if (map?.maxActive === undefined) continue;
    const active = [...records].filter(
      ([task, { state }]) => task.startsWith(`${id}@`) && (isLive(state) || state === "scheduled"),
    );
    assert.ok(active.length <= map.maxActive, `${active.length} instances of ${id} at once`);
  }
}

/** Whoever a branch has not chosen, directly or behind a choice, did not run. */
function checkBranches({ graph, records, launched }: World): void {
  for (const task of graph.spec.tasks) {
    // A branch that waits for nobody may have decided before the value was there.
    if (task.operator !== "branch" || EAGER.has(task.triggerRule)) continue;
    if (records.get(task.id)!.state !== "success") continue;
    const named = /tasks\.(t\d)\./.exec(task.on)?.[1];
    const value = named === undefined ? 1 : (records.get(named)?.output ?? 0);
    const chosen = new Set(value === 1 ? task.cases[0]!.to : task.otherwise);
    for (let before = -1; before < chosen.size; ) {
      before = chosen.size;
      for (const { id, upstream } of graph.spec.tasks) if (upstream.some(up => chosen.has(up))) chosen.add(id);
    }
    for (const { id, upstream, triggerRule } of graph.spec.tasks) {
      // A rule that waits for nobody may have started it before.
      if (!upstream.includes(task.id) || chosen.has(id) || EAGER.has(triggerRule)) continue;
      assert.equal(records.get(id)!.state, "skipped", `${id} was not chosen by ${task.id}`);
      assert.ok(!launched.has(`${id}/1.0`), `${id} ran although ${task.id} did not choose it`);
    }
  }
}

/** A mapped task ends as its instances and its maxFailures say. */
function checkMapEnds({ graph, records }: World): void {
  for (const { id, map } of graph.spec.tasks) {
    const { state, count = 0 } = records.get(id)!;
    if (map === undefined || count === 0) continue;
    const bad = [...records].filter(([task, one]) => task.startsWith(`${id}@`) && one.state === "failed").length;
    const mayFail = map.maxFailures === undefined ? 0 : Math.floor(map.maxFailures * count);
    assert.equal(state === "failed", bad > mayFail, `${id} is ${state} with ${bad} of ${count} failed`);
  }
}

/** What was skipped could not have run, and the run ended as its leaves say. */
function checkRules(world: World): void {
  const { graph, run } = world;
  for (const { id, upstream, triggerRule, teardown } of graph.spec.tasks) {
    const { state, reason } = world.records.get(id)!;
    if (teardown !== undefined || reason !== undefined || (state !== "skipped" && state !== "upstream_failed")) continue;
    const ends = upstream.flatMap(up => endOf(world.records.get(up)!.state));
    const isOwn = world.launched.has(`${id}/1.0`) || world.records.get(id)!.count !== undefined;
    assert.ok(isOwn || !HOLDS[triggerRule](ends), `${id} is ${state} although ${triggerRule} holds of ${ends.join(", ")}`);
  }
  const ofTeardown = (id: string) => graph.tasks.get(id)!.teardown !== undefined;
  const followed = new Set(graph.spec.tasks.filter(({ id }) => !ofTeardown(id)).flatMap(({ upstream }) => upstream));
  const deciding = graph.spec.tasks.filter(({ id }) => graph.spec.strict || (!ofTeardown(id) && !followed.has(id)));
  const isGood = deciding.every(({ id }) => ["success", "skipped"].includes(world.records.get(id)!.state));
  assert.equal(run.state, isGood ? "success" : "failed", "the run's end");
}

function checkEnd(world: World): void {
  for (const id of world.graph.tasks.keys()) {
    const { state } = world.record(id);
    assert.ok(isFinal(state), `${id} is ${state} at the end`);
  }
  for (const { id, teardown } of world.graph.spec.tasks) {
    const isOwed = teardown?.of.some(
      setup => world.record(setup).state === "success" && world.record(setup).reason === undefined,
    );
    if (isOwed && world.record(id).state === "cancelled")
      assert.ok(world.record(id).gen > 0, `${id} was cancelled although it had something to tear down`);
  }
  for (const [id, { state }] of world.records) {
    assert.ok(isFinal(state) || STARTS.has(state), `${id} is ${state} at the end`);
    assert.equal(world.run.tasks.get(id)?.state, state, `the leader takes ${id} for something else`);
  }
  const end = world.run;
  for (const event of world.sent) {
    if (event.type !== "run.acted") assert.deepEqual(world.apply(event), [], "an old message changed something");
  }
  assert.equal(world.run.rev, end.rev);
  const after = new World(world.graph);
  after.run = end;
  assert.deepEqual(
    world.restartLeader().filter(word => !word.includes("(") && !word.includes(" updates ")),
    [],
  );
}

export interface Simulated {
  failed: boolean;
  seed: number;
  /** Lives so many histories, or up to the first that fails. */
  runs: number;
  /** The shortest failing history and why, in words. */
  report?: string;
}

/** Lives `seeds` random histories of random DAGs through. The same seed gives the same histories. */
export function simulate(seeds: number, seed: number): Simulated {
  const details = fc.check(fc.property(anyShape, fc.integer({ min: 1, max: 3 }), anyHistory, fc.nat(10_000), live), {
    numRuns: seeds,
    seed,
    // Shrinking goes on as long as it finds something shorter; past this the report is short enough.
    interruptAfterTimeLimit: 120_000,
    markInterruptAsFailure: false,
  });
  if (!details.failed) return { failed: false, seed, runs: details.numRuns };
  return { failed: true, seed, runs: details.numRuns, report: reportOf(details) };
}

function reportOf({
  counterexample,
  errorInstance,
  seed,
  counterexamplePath,
}: fc.RunDetails<[DagShape, number, History, number]>): string {
  const [shape, slots, history, chance] = counterexample ?? [];
  const error = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : String(errorInstance);
  return [
    `seed ${seed}, path ${counterexamplePath}`,
    `edges ${shape?.edges.join(" ")}; slots ${slots}; strict ${shape?.dag?.strict}; chance ${chance}`,
    ...Object.entries(shape?.say ?? {}).map(([id, said]) => `  ${id}: ${JSON.stringify(said)}`),
    ...(history ?? []).map(([happening, pick], i) => `  ${i + 1}. ${happening} (${pick})`),
    error,
  ].join("\n");
}
