import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRunFinal } from "#core/run.ts";
import type { RunSummary } from "#state/run-record.ts";
import type { ServiceProcess } from "../../support/fleet.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

const SHORT_LEASE = { WINDLASS_LEASE_MS: "600", WINDLASS_RECONCILE_MS: "300" };

/** One file: a chain of DAGs by assets, and one that waits for two of three. */
const DAGS = `
  import { asset, dag } from "windlass";
  const [raw, clean, other] = [asset("s3://raw"), asset("s3://clean"), asset("s3://other")];
  export const clean1 = dag("clean", { schedule: raw }, d => { d.noop("work", { outlets: [clean] }); });
  export const report = dag("report", { schedule: [clean] }, d => { d.noop("work", { outlets: ["s3://report"] }); });
  export const both = dag("both", { schedule: asset.all(other, asset.any(clean, "s3://never")) }, d => { d.noop("work"); });
  export const either = dag("either", { schedule: { assets: other, cron: "0 0 1 1 *" } }, d => { d.noop("work"); });
`;

describe("runs by assets", () => {
  const shared = sharedFleet(fleet => fleet.worker());
  let schedulers: ServiceProcess[] = [];
  const scheduler = async (name: string): Promise<ServiceProcess> => {
    const started = await shared.fleet.scheduler({ ...SHORT_LEASE, WINDLASS_SCHEDULER_ID: name });
    schedulers.push(started);
    return started;
  };
  const tell = (asset: string, id: string) =>
    shared.fleet.state.assets.tell({ asset, id: `told~${id}`, at: Date.now(), by: "test" });
  const runsOf = (dagId: string): Promise<RunSummary[]> => shared.fleet.state.runs.listRuns({ dagId, limit: 100 });
  const ended = (dagId: string, count: number) =>
    until(
      async () => {
        const runs = await runsOf(dagId);
        return runs.length >= count && runs.every(run => isRunFinal(run.state)) ? runs : undefined;
      },
      { deadlineMs: 20_000, what: `${count} ended runs of ${dagId}` },
    );
  /** A leader has met all DAGs, so that it hears of what comes. */
  const met = () =>
    until(async () => (await shared.fleet.state.assets.seen()).size === 4, { deadlineMs: 20_000, what: "the four DAGs" });

  before(() => writeFileSync(join(shared.fleet.dagsDir, "assets.ts"), DAGS));
  afterEach(async () => {
    await Promise.all(schedulers.map(one => one.signal("SIGTERM")));
    schedulers = [];
  });

  it("a chain: an event from outside starts one DAG, whose task starts the next", async () => {
    await scheduler("s-one");
    await met();
    await tell("s3://raw", "one");
    const [report] = await ended("report", 1);
    const [clean] = await runsOf("clean");
    assert.equal((await runsOf("clean")).length, 1);
    assert.deepEqual(
      clean?.trigger.assets?.map(({ asset, by }) => [asset, by]),
      [["s3://raw", "test"]],
    );
    assert.deepEqual(
      report?.trigger.assets?.map(({ asset, runId, taskId }) => [asset, runId, taskId]),
      [["s3://clean", clean?.id, "work"]],
    );
    assert.ok((await shared.fleet.state.assets.lastUpdate("s3://report")) !== undefined);
    assert.deepEqual(await runsOf("both"), [], "half of what it waits for");
  }).timeout(60_000);

  it("a second part makes a condition hold, once", async () => {
    await scheduler("s-one");
    await met();
    await tell("s3://other", "one");
    await tell("s3://other", "one");
    const [both] = await ended("both", 1);
    assert.deepEqual(
      both?.trigger.assets?.map(({ asset }) => asset),
      ["s3://clean", "s3://other"],
    );
    await ended("either", 1);
    await tell("s3://other", "two");
    await ended("either", 2);
    assert.equal((await runsOf("both")).length, 1, "clean was not updated again");
  }).timeout(60_000);

  it("several updates while nobody led make one run, and a claimed run is created by the next leader", async () => {
    const { state } = shared.fleet;
    for (const id of ["three", "four", "five"]) await tell("s3://raw", id);
    // A leader that died between its decision and the run.
    const token = (await state.leader.acquireLease("dead", 60_000))!;
    const { version } = (await state.dags.getDag("report"))!;
    const count = await state.assets.count();
    const id = "report~asset-claimed";
    const header = { id, dagId: "report", version, trigger: { kind: "asset" as const }, conf: {}, createdAt: Date.now() };
    const from = (await state.assets.seen()).get("report");
    assert.equal(await state.assets.claimRun({ token, dagId: "report", from, to: count, header }), true);
    await state.leader.releaseLease(token);

    await scheduler("s-next");
    const clean = await ended("clean", 2);
    assert.deepEqual(clean[0]?.trigger.assets?.length, 3);
    const reports = await ended("report", 3);
    assert.equal(reports.length, 3, "the claimed one, and that of the new update");
    assert.ok(reports.some(run => run.id === id));
    assert.equal((await runsOf("clean")).length, 2);
    assert.equal((await state.assets.claimedRuns()).size, 0);
  }).timeout(60_000);

  it("a paused DAG runs once when it goes on", async () => {
    const { state } = shared.fleet;
    await scheduler("s-one");
    await state.dags.setPaused("either", true);
    await tell("s3://other", "six");
    await tell("s3://other", "seven");
    // The other DAG that waits for it: whoever has looked at this one has looked at the paused one.
    await tell("s3://clean", "eight");
    await ended("both", 2);
    assert.equal((await runsOf("either")).length, 2);
    await state.dags.setPaused("either", false);
    await ended("either", 3);
    assert.equal((await runsOf("either")).length, 3);
  }).timeout(60_000);
});
