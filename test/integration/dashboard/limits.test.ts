import assert from "node:assert/strict";
import type { DagSpecInput } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import type { RunState, TaskRun, TaskState } from "#core/run.ts";
import { essence, type OpenDashboard, openDashboard } from "./open-dashboard.ts";

const NOW = 1_800_000_000_000;

const record = (state: TaskState, more: Partial<TaskRun> = {}): TaskRun => ({
  state,
  gen: 1,
  try: 0,
  epoch: 0,
  infra: 0,
  ...more,
});

describe("dashboard: pools and why", () => {
  let dashboard: OpenDashboard;
  let token: string;
  beforeEach(async () => {
    dashboard = await openDashboard();
    token = (await dashboard.state.leader.acquireLease("test", 60_000))!;
  });
  afterEach(() => dashboard.close());

  /** A run as a leader would have written it. */
  async function store(input: DagSpecInput, name: string, tasks: Record<string, TaskRun>, state: RunState = "running") {
    const { runs, leader } = dashboard.state;
    const spec = await dashboard.publish(input);
    const id = `${spec.id}~${name}`;
    const header = { id, dagId: spec.id, version: contentHash(spec), trigger: { kind: "manual" as const }, conf: {} };
    await runs.createRun({ ...header, createdAt: NOW + Number(name) });
    if (state === "queued") return id;
    const run = { ...(await runs.getRun(id))!, state, rev: 1, startedAt: NOW };
    const changes = Object.entries(tasks).map(([taskId, task]) => ({ taskId, from: ["none" as const], task }));
    await leader.commit({ token, run, fromRev: 0, changes, orders: [], history: [], at: NOW });
    return id;
  }
  const why = async (path: string): Promise<string[]> => {
    const { status, body } = await dashboard.ask(`/api/v1/${path}/why`);
    assert.equal(status, 200);
    return body.reasons.map(({ sentence }: { sentence: string }) => sentence);
  };

  const DAG: DagSpecInput = {
    id: "etl",
    maxActiveRuns: 1,
    tasks: [
      { id: "a", operator: "noop", pool: "etl" },
      { id: "b", operator: "noop", pool: "etl", poolSlots: 2, upstream: ["a"] },
      { id: "c", operator: "noop", queue: "gpu" },
    ],
  };

  it("sets a pool up, changes, lists and removes it, and tells the leader each time", async () => {
    const { ask, redis } = dashboard;
    const set = await ask("/api/v1/pools/etl", { method: "PUT", body: { slots: 3, description: "for etl" } });
    assert.deepEqual([set.status, set.body.slots, set.body.open, set.body.links.self], [201, 3, 3, "/api/v1/pools/etl"]);
    await store(DAG, "1", { a: record("running"), b: record("scheduled") });
    const changed = await ask("/api/v1/pools/etl", { method: "PUT", body: { slots: 2, includeDeferred: true } });
    const { name, slots, open, occupied, running, waiting, includeDeferred } = changed.body;
    assert.deepEqual(
      [changed.status, name, slots, open, occupied, running, waiting, includeDeferred],
      [200, "etl", 2, 1, 1, 1, 2, true],
    );
    const listed = await ask("/api/v1/pools");
    assert.deepEqual(
      listed.body.pools.map((pool: { name: string; slots?: number }) => [pool.name, pool.slots]),
      [
        ["default", undefined],
        ["etl", 2],
      ],
    );
    assert.equal((await ask("/api/v1/pools/etl", { method: "DELETE" })).status, 200);
    assert.deepEqual(essence(await ask("/api/v1/pools/etl", { method: "DELETE" })), [404, "WL_POOL_UNKNOWN"]);
    const told = await redis.redis.lrange(`${redis.prefix}:inbox`, 0, -1);
    assert.equal(told.filter(entry => entry.startsWith("pools\n")).length >= 3, true);
  });

  for (const [what, body, problem] of [
    ["negative slots", { slots: -1 }, "body/slots"],
    ["no slots", {}, "body/slots"],
    ["an unknown field", { slots: 1, size: 2 }, "body/size"],
  ] as const) {
    it(`refuses ${what}`, async () =>
      assert.deepEqual(essence(await dashboard.ask("/api/v1/pools/etl", { method: "PUT", body })), [422, "WL_INPUT", problem]));
  }

  it("says why a task waits, as the scheduler would", async () => {
    await dashboard.state.pools.putPool({ name: "etl", slots: 2 }, NOW);
    const id = await store(DAG, "1", { a: record("running"), b: record("scheduled", { readyAt: NOW }), c: record("queued") });
    assert.deepEqual(await why(`runs/${id}/tasks/b`), ["pool etl 1/2, and it wants 2"]);
    assert.deepEqual(await why(`runs/${id}/tasks/c`), ["no worker consumes queue gpu"]);
    const next = await store(DAG, "2", {}, "queued");
    assert.deepEqual(await why(`runs/${next}/tasks/a`), ["the run waits: maxActiveRuns 1/1"]);
    await dashboard.state.leader.releaseLease(token);
    assert.equal((await why(`runs/${id}/tasks/b`))[0], "no scheduler leads: nothing is started until one does");
    assert.deepEqual(essence(await dashboard.ask(`/api/v1/runs/${id}/tasks/x/why`)), [404, "WL_TASK_UNKNOWN"]);
  });

  it("says why a task waits for the run before, also one that has ended", async () => {
    const past: DagSpecInput = { id: "past", tasks: [{ id: "a", operator: "noop", dependsOnPast: true }] };
    await store(past, "1", { a: record("failed", { endedAt: NOW }) }, "failed");
    const next = await store(past, "2", { a: record("scheduled", { readyAt: NOW }) });
    assert.deepEqual(await why(`runs/${next}/tasks/a`), ["it depends on past run past~1: a is failed there"]);
  });

  it("warns that tasks name a pool which does not exist", async () => {
    await dashboard.publish(DAG);
    const warnings = async () => (await dashboard.ask("/api/v1/dags/etl")).body.warnings;
    assert.deepEqual(await warnings(), ["there is no pool 'etl': a, b will wait for it"]);
    await dashboard.state.pools.putPool({ name: "etl", slots: 1 }, NOW);
    assert.deepEqual(await warnings(), []);
  });

  it("says why a DAG starts no run", async () => {
    await dashboard.publish({ id: "hourly", schedule: { cron: ["0 * * * *"] }, tasks: [{ id: "a", operator: "noop" }] });
    assert.match((await why("dags/hourly"))[0]!, /^the next run starts \d{4}-\d\d-\d\dT\d\d:00:00Z$/);
    await dashboard.ask("/api/v1/dags/hourly", { method: "PATCH", body: { paused: true } });
    assert.deepEqual(await why("dags/hourly"), ["the DAG is paused: its schedule starts no runs"]);
  });
});
