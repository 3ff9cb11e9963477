import assert from "node:assert/strict";
import type { Act } from "#core/act.ts";
import type { DagSpecInput } from "#core/dag-spec.ts";
import { isLive, type TaskState } from "#core/run.ts";
import { type Fleet, type ServiceProcess, shell } from "../../support/fleet.ts";
import { type Gate, openGate } from "../../support/gate.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

const SHORT_LEASE = { WINDLASS_LEASE_MS: "600", WINDLASS_RECONCILE_MS: "300" };

/** State of every task of the runs that has a record, as `<run> <task>`. */
async function statesOf({ state }: Fleet, runs: readonly string[]): Promise<Map<string, TaskState>> {
  const stored = await Promise.all(runs.map(id => state.runs.getRun(id)));
  return new Map(stored.flatMap(run => [...run!.tasks].map(([taskId, task]) => [`${run!.id} ${taskId}`, task.state] as const)));
}

const liveOf = (states: ReadonlyMap<string, TaskState>): string[] =>
  [...states].flatMap(([name, state]) => (isLive(state) ? [name] : []));
const count = (states: ReadonlyMap<string, TaskState>, wanted: TaskState): number =>
  [...states.values()].filter(state => state === wanted).length;

describe("limits", () => {
  const shared = sharedFleet(fleet => fleet.worker());
  let schedulers: ServiceProcess[] = [];
  let gates = new Map<string, Gate>();

  const scheduler = async (name = "s"): Promise<ServiceProcess> => {
    const started = await shared.fleet.scheduler({ ...SHORT_LEASE, WINDLASS_SCHEDULER_ID: name });
    schedulers.push(started);
    return started;
  };
  /** A task that runs until its gate opens. */
  const held = (id: string, more: object = {}) => {
    const gate = openGate();
    gates.set(id, gate);
    return shell(id, `${gate.wait}; true`, more);
  };
  const pool = (name: string, slots: number) => shared.fleet.state.pools.putPool({ name, slots }, Date.now());
  afterEach(async () => {
    for (const gate of gates.values()) gate.open();
    gates = new Map();
    await Promise.all(schedulers.map(one => one.signal("SIGTERM")));
    schedulers = [];
  });

  it("a pool of 2 never has more than 2 of 10 tasks of two DAGs, and all run in the end", async () => {
    const { fleet } = shared;
    await scheduler();
    await pool("two", 2);
    const dagOf = (id: string): DagSpecInput => ({
      id,
      tasks: Array.from({ length: 5 }, (_, i) => held(`${id}-${i}`, { pool: "two" })),
    });
    const runs = [await fleet.start(dagOf("x")), await fleet.start(dagOf("y"))];
    const isFull = async () => {
      const states = await statesOf(fleet, runs);
      assert.ok(liveOf(states).length <= 2, liveOf(states).join(", "));
      return liveOf(states).length === 2 && liveOf(states).length + count(states, "scheduled") + count(states, "success") === 10;
    };
    for (let ended = 0; ended < 8; ended++) {
      await until(isFull, { deadlineMs: 20_000, what: `2 live after ${ended} have ended` });
      const [first = ""] = liveOf(await statesOf(fleet, runs));
      gates.get(first.split(" ")[1]!)!.open();
      await until(async () => count(await statesOf(fleet, runs), "success") > ended, {
        deadlineMs: 20_000,
        what: "the end of one",
      });
    }
    for (const gate of gates.values()) gate.open();
    for (const run of runs) assert.equal((await fleet.ended(run)).state, "success");
  }).timeout(90_000);

  it("a pool that grows while tasks wait lets them go at once", async () => {
    const { fleet } = shared;
    await scheduler();
    await pool("grows", 1);
    const run = await fleet.start({ id: "grows", tasks: ["a", "b", "c"].map(id => held(id, { pool: "grows" })) });
    const live = (wanted: number) =>
      until(async () => liveOf(await statesOf(fleet, [run])).length === wanted, { deadlineMs: 15_000, what: `${wanted} live` });
    await live(1);
    await pool("grows", 3);
    await live(3);
    for (const gate of gates.values()) gate.open();
    assert.equal((await fleet.ended(run)).state, "success");
  }).timeout(60_000);

  it("a task of a pool that does not exist waits until it does", async () => {
    const { fleet } = shared;
    await scheduler();
    const run = await fleet.start({ id: "nopool", tasks: [{ id: "a", operator: "noop", pool: "later" }] });
    await fleet.taskIn(run, "a", "scheduled");
    await pool("later", 1);
    assert.equal((await fleet.ended(run)).state, "success");
  });

  it("a leader that dies while tasks wait leaves the limits to the next one", async () => {
    const { fleet } = shared;
    const first = await scheduler("first");
    await pool("one", 1);
    const tasks = ["a", "b", "c"].map(id => held(id, { pool: "one" }));
    const run = await fleet.start({ id: "killed", maxActiveTasks: 2, tasks });
    await until(async () => count(await statesOf(fleet, [run]), "scheduled") === 2, {
      deadlineMs: 15_000,
      what: "two that wait",
    });
    await first.signal("SIGKILL");
    const [before = ""] = liveOf(await statesOf(fleet, [run]));
    gates.get(before.split(" ")[1]!)!.open();
    await scheduler("second");
    for (let ended = 1; ended < 3; ended++) {
      await until(
        async () => {
          const states = await statesOf(fleet, [run]);
          assert.ok(liveOf(states).length <= 1, liveOf(states).join(", "));
          return liveOf(states).length === 1 && count(states, "success") === ended;
        },
        { deadlineMs: 20_000, what: `the next one after ${ended}` },
      );
      gates.get(liveOf(await statesOf(fleet, [run]))[0]!.split(" ")[1]!)!.open();
    }
    const { state, tasks: done } = await fleet.ended(run);
    assert.deepEqual([state, [...done.values()].map(({ gen }) => gen)], ["success", [1, 1, 1]]);
  }).timeout(90_000);

  it("a queue of its own waits for a worker that takes from it", async () => {
    const { fleet } = shared;
    await scheduler();
    const run = await fleet.start({
      id: "queues",
      tasks: [
        { id: "plain", operator: "noop" },
        { id: "big", operator: "noop", queue: "gpu", upstream: ["plain"] },
      ],
    });
    await fleet.taskIn(run, "big", "queued");
    assert.equal((await fleet.state.runs.getRun(run))!.tasks.get("plain")!.state, "success");
    assert.ok((await fleet.state.queues.list()).includes("gpu"));
    const worker = await fleet.worker({ WINDLASS_WORKER_ID: "gpu-worker", WINDLASS_QUEUES: "gpu:2" });
    const { state } = await fleet.ended(run);
    const [big] = (await fleet.state.runs.listTries(run)).filter(({ taskId }) => taskId === "big");
    assert.deepEqual([state, big!.worker!.startsWith("gpu-worker-")], ["success", true]);
    const [row] = (await fleet.state.claims.listWorkers()).filter(({ id }) => id.startsWith("gpu-worker-"));
    assert.deepEqual(
      row!.queues!.map(({ name, concurrency }) => ({ name, concurrency })),
      [{ name: "gpu", concurrency: 2 }],
    );
    await worker.signal("SIGTERM");
  }).timeout(60_000);

  it("a lost job is looked for in its own queue", async () => {
    const { fleet } = shared;
    await scheduler();
    const run = await fleet.start({ id: "looked", tasks: [{ id: "big", operator: "noop", queue: "nobody" }] });
    await fleet.taskIn(run, "big", "queued");
    const passes = await fleet.start({ id: "passes", tasks: [{ id: "a", operator: "noop" }] });
    await fleet.ended(passes);
    const { bull } = fleet.queue;
    assert.equal(await bull.getJobState(`${run}~big~1`), "unknown", "it is not in the usual queue");
    // Three passes of the reconcile: a job that were looked for in the usual queue would be taken for lost after two.
    const { gen } = await passesOf(fleet, run, 3);
    assert.equal(gen, 1);
    await fleet.state.runs.requestCancel(run, { at: Date.now(), by: "test" });
    assert.equal((await fleet.ended(run)).state, "cancelled");
  }).timeout(60_000);

  describe("runTimeout", () => {
    const dag = (runTimeoutMs: number): DagSpecInput => ({
      id: "slow",
      runTimeoutMs,
      tasks: [held("a"), { id: "b", operator: "noop", upstream: ["a"] }],
    });

    it("stops a run that takes longer, and it has failed", async () => {
      const { fleet } = shared;
      await scheduler();
      const run = await fleet.start(dag(1_500));
      await fleet.taskIn(run, "a", "running");
      const { state, tasks } = await fleet.ended(run);
      assert.deepEqual([state, tasks.get("a")!.state, tasks.get("b")!.state], ["failed", "cancelled", "cancelled"]);
      assert.equal(tasks.get("b")!.reason?.code, "run-timeout");
    }).timeout(60_000);

    it("is kept by the next leader", async () => {
      const { fleet } = shared;
      const first = await scheduler("first");
      const run = await fleet.start(dag(3_000));
      await fleet.taskIn(run, "a", "running");
      await first.signal("SIGKILL");
      await scheduler("second");
      assert.equal((await fleet.ended(run)).state, "failed");
    }).timeout(60_000);
  });

  it("dependsOnPast knows the run before, also when it has ended and the leader is another", async () => {
    const { fleet } = shared;
    const first = await scheduler("first");
    const dag: DagSpecInput = { id: "past", tasks: [shell("a", "exit 1", { dependsOnPast: true })] };
    const failed = await fleet.start(dag);
    assert.equal((await fleet.ended(failed)).state, "failed");
    await first.signal("SIGKILL");
    await scheduler("second");
    const next = await fleet.start(dag);
    await fleet.taskIn(next, "a", "scheduled");
    const act: Act = { type: "mark", tasks: ["a"], state: "success" };
    await fleet.state.acts.request(failed, { id: "act-1", at: Date.now(), by: "ann", act });
    await fleet.taskIn(next, "a", "failed");
  }).timeout(60_000);
});

/** The task after so many passes of the reconcile, which each ask the record for all live runs. */
async function passesOf({ state, redis, prefix }: Fleet, run: string, passes: number) {
  // A pass relays what stays in the outbox: an order that nobody acknowledged marks the passes.
  for (let i = 0; i < passes; i++) {
    const id = `mark~${i}`;
    await redis.hset(
      `${prefix}:outbox`,
      id,
      JSON.stringify({ kind: "assets", id, runId: run, taskId: "big", assets: ["test://mark"], at: i + 1 }),
    );
    await until(async () => (await redis.hexists(`${prefix}:outbox`, id)) === 0, { deadlineMs: 10_000, what: `pass ${i + 1}` });
  }
  return (await state.runs.getRun(run))!.tasks.get("big")!;
}
