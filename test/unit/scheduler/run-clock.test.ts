import assert from "node:assert/strict";
import { mock } from "node:test";
import { newRun, type Run } from "#core/run.ts";
import { RunClock } from "../../../services/scheduler/run-clock.ts";

const runOf = (id: string, more: Partial<Run> = {}): Run => ({
  ...newRun({ id, dagId: "d", version: "v", trigger: { kind: "manual" }, conf: {}, createdAt: 0 }),
  state: "running",
  startedAt: 0,
  ...more,
});

describe("RunClock", () => {
  let due: string[];
  let clock: RunClock;
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout", "Date"], now: 0 });
    due = [];
    clock = new RunClock({ now: Date.now, onDue: runId => due.push(`${runId} ${Date.now()}`) });
  });
  afterEach(() => {
    clock.stop();
    mock.timers.reset();
  });

  it("rings for each run when its time is up, counted from its start", () => {
    clock.follow(runOf("b"), 200);
    clock.follow(runOf("a", { startedAt: 50 }), 50);
    clock.follow(runOf("c"), undefined);
    mock.timers.tick(99);
    assert.deepEqual(due, []);
    mock.timers.tick(1);
    assert.deepEqual(due, ["a 100"]);
    mock.timers.tick(100);
    mock.timers.tick(1_000);
    assert.deepEqual(due, ["a 100", "b 200"]);
  });

  const quiet: readonly (readonly [what: string, after: Partial<Run>])[] = [
    ["has ended", { state: "success" }],
    ["is being stopped", { cancelAt: 10 }],
  ];
  for (const [what, after] of quiet) {
    it(`does not ring for a run that ${what}`, () => {
      clock.follow(runOf("a"), 100);
      clock.follow(runOf("a", after), 100);
      mock.timers.tick(1_000);
      assert.deepEqual(due, []);
    });
  }

  it("rings at once for a run whose time was up before this leader came, and once", () => {
    mock.timers.tick(5_000);
    clock.follow(runOf("a"), 100);
    clock.follow(runOf("a"), 100);
    mock.timers.tick(0);
    assert.deepEqual(due, ["a 5000"]);
    mock.timers.tick(1_000);
    assert.equal(due.length, 1);
  });

  it("does not ring before a run has started, nor after it was stopped", () => {
    const { startedAt: _, ...queued } = runOf("a", { state: "queued" });
    clock.follow(queued, 100);
    clock.follow(runOf("b"), 100);
    clock.stop();
    mock.timers.tick(1_000);
    assert.deepEqual(due, []);
  });

  it("waits longer than a timer of Node's can", () => {
    const month = 30 * 86_400_000;
    clock.follow(runOf("a"), month);
    mock.timers.tick(2 ** 31);
    assert.deepEqual(due, []);
    mock.timers.tick(month - 2 ** 31);
    assert.deepEqual(due, [`a ${month}`]);
  });
});
