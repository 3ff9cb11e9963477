import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { indexDag } from "#core/graph.ts";
import { jobId } from "#core/ids.ts";
import { step } from "#core/step.ts";
import { keysOf } from "#state/keys.ts";
import { type Fleet, type ServiceProcess, shell } from "../../support/fleet.ts";
import { openGate } from "../../support/gate.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

const SHORT_LEASE = { WINDLASS_LEASE_MS: "600", WINDLASS_RECONCILE_MS: "300" };

const leaderOf = async ({ redis, prefix }: Fleet): Promise<string | undefined> =>
  (await redis.get(keysOf(prefix).leader)) ?? undefined;

/** How often each job was put into the queue, from BullMQ's own events. */
async function additions({ redis, prefix }: Fleet, run: string): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const [, fields] of await redis.xrange(`${prefix}:pods:events`, "-", "+")) {
    const { event, jobId: id } = Object.fromEntries(fields.flatMap((name, i) => (i % 2 ? [] : [[name, fields[i + 1]]])));
    if (event === "added" && id?.startsWith(`${run}~`)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

const chain = (length: number) =>
  Array.from({ length }, (_, i) => ({ id: `t${i}`, operator: "noop" as const, upstream: i === 0 ? [] : [`t${i - 1}`] }));

describe("a change of leaders", () => {
  const shared = sharedFleet(fleet => fleet.worker());
  let schedulers: ServiceProcess[] = [];

  const scheduler = async (name: string): Promise<ServiceProcess> => {
    const started = await shared.fleet.scheduler({ ...SHORT_LEASE, WINDLASS_SCHEDULER_ID: name });
    schedulers.push(started);
    return started;
  };
  const inOffice = (name: string) =>
    until(async () => (await leaderOf(shared.fleet))?.startsWith(`${name}-`), { deadlineMs: 15_000, what: `${name} in office` });
  afterEach(async () => {
    await Promise.all(schedulers.map(one => one.signal("SIGTERM")));
    schedulers = [];
  });

  it("relays the orders that the leader before committed and did not put into the queue", async () => {
    const { fleet } = shared;
    const { leader } = fleet.state;
    const token = (await leader.acquireLease("dead", 60_000))!;
    const id = await fleet.start({ id: "orders", tasks: [{ id: "only", operator: "noop" }] });
    const before = (await fleet.state.runs.getRun(id))!;
    const spec = (await fleet.state.dags.getSpec(before.version))!;
    const at = Date.now();
    const { run, changes } = step(indexDag(spec), before, [{ type: "run.admitted", at }]);
    const data = { dag: "orders", run: id, task: "only", gen: 1, version: before.version, tryBase: 0 };
    const order = { jobId: jobId(id, "only", 1), data, attempts: 1, retry: spec.tasks[0]!.retry };
    const orders = [{ jobId: order.jobId, json: JSON.stringify(order) }];
    const answer = await leader.commit({ token, run, fromRev: before.rev, changes, orders, history: [], at });
    assert.deepEqual(answer, { result: "committed", skipped: [] });
    assert.equal(await leader.releaseLease(token), true);

    await scheduler("s-next");
    const ended = await fleet.ended(id);
    assert.deepEqual([ended.state, ended.tasks.get("only")!.gen], ["success", 1]);
    await until(async () => (await leader.outbox()).length === 0, { what: "an empty outbox" });
  });

  it("makes no job twice while two schedulers believe that they lead", async () => {
    const { fleet } = shared;
    await Promise.all([scheduler("s-one"), scheduler("s-two")]);
    await until(() => leaderOf(fleet), { deadlineMs: 15_000, what: "a leader" });
    const tasks = chain(20);
    const runs: string[] = [];
    for (let change = 0; change < 4; change++) {
      for (let i = 0; i < 5; i++) runs.push(await fleet.start({ id: "twice", tasks }));
      // The leader does not know that its office is vacant until its next commit or renewal.
      const before = await leaderOf(fleet);
      await fleet.redis.del(keysOf(fleet.prefix).leader);
      await until(async () => ![undefined, before].includes(await leaderOf(fleet)), { what: "another leader" });
    }
    for (const run of runs) {
      const ended = await fleet.ended(run);
      assert.equal(ended.state, "success");
      for (const [taskId, { gen, try: tryNumber }] of ended.tasks) assert.deepEqual([gen, tryNumber], [1, 1], taskId);
      const added = await additions(fleet, run);
      assert.equal(added.size, tasks.length);
      assert.deepEqual(new Set(added.values()), new Set([1]));
    }
  }).timeout(60_000);

  it("admits no more runs than maxActiveRuns", async () => {
    const { fleet } = shared;
    const first = await scheduler("s-first");
    const gate = openGate();
    const runs: string[] = [];
    for (let i = 0; i < 8; i++) {
      runs.push(await fleet.start({ id: "single", maxActiveRuns: 1, tasks: [shell("held", `${gate.wait}; true`)] }));
      // The first is under way before the others come.
      if (i === 0) await fleet.taskIn(runs[0]!, "held", "running");
    }
    await first.signal("SIGKILL");
    await scheduler("s-second");
    await inOffice("s-second");
    await fleet.ended(await fleet.start({ id: "other", tasks: [{ id: "only", operator: "noop" }] }));
    const states = await Promise.all(runs.map(async run => (await fleet.state.runs.getRun(run))!.state));
    assert.deepEqual(states, ["running", ...Array.from({ length: 7 }, () => "queued")]);
    gate.open();
    const ended = await Promise.all(runs.map(run => fleet.ended(run)));
    const inOrder = ended.toSorted((a, b) => a.startedAt! - b.startedAt!);
    for (const [i, { id, startedAt }] of inOrder.entries()) {
      if (i > 0) assert.ok(startedAt! >= inOrder[i - 1]!.endedAt!, `run ${id} began before another one had ended`);
    }
  }).timeout(60_000);

  it("starts one run for every second of a schedule, none twice and none left out", async () => {
    const { fleet } = shared;
    writeFileSync(
      join(fleet.dagsDir, "every-second.ts"),
      `import { dag } from "windlass";
       export default dag("every-second", { schedule: "* * * * * *", catchup: true }, d => { d.noop("only"); });`,
    );
    const ticks = async (): Promise<number[]> =>
      (await fleet.state.runs.listRuns({ dagId: "every-second", limit: 100 })).map(run => run.logicalAt!).reverse();
    const atLeast = (count: number) =>
      until(async () => (await ticks()).length >= count, { deadlineMs: 20_000, what: `${count} ticks` });
    const first = await scheduler("s-first");
    await atLeast(2);
    await scheduler("s-second");
    await first.signal("SIGKILL");
    const before = (await ticks()).length;
    await atLeast(before + 2);
    const seen = await ticks();
    assert.deepEqual(
      seen,
      seen.map((_, i) => seen[0]! + i * 1_000),
    );
    assert.ok((await leaderOf(fleet))?.startsWith("s-second-"));
  }).timeout(60_000);
});
