import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ServiceProcess } from "../../support/fleet.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

const SHORT_LEASE = { WINDLASS_LEASE_MS: "600", WINDLASS_RECONCILE_MS: "300" };
const [SECOND_MS, MINUTE_MS, HOUR_MS] = [1_000, 60_000, 3_600_000];

describe("schedules", () => {
  const shared = sharedFleet(async () => undefined);
  let schedulers: ServiceProcess[] = [];
  const scheduler = async (name: string): Promise<ServiceProcess> => {
    const started = await shared.fleet.scheduler({ ...SHORT_LEASE, WINDLASS_SCHEDULER_ID: name });
    schedulers.push(started);
    return started;
  };
  afterEach(async () => {
    await Promise.all(schedulers.map(one => one.signal("SIGTERM")));
    schedulers = [];
  });

  /** Writes a DAG of one task without work. */
  const write = (id: string, options: string, above = ""): void =>
    writeFileSync(
      join(shared.fleet.dagsDir, `${id}.ts`),
      `import { dag, timetable } from "windlass";
       ${above}
       export default dag("${id}", ${options}, d => { d.empty("only"); });`,
    );
  /** The logical dates of all runs ever created, in the order of their creation. */
  const created = async (dagId: string): Promise<number[]> => {
    const runs = await shared.fleet.state.runs.listRuns({ dagId, limit: 1_000 });
    for (const run of runs) {
      const history = await shared.fleet.state.runs.history(run.id);
      assert.equal(history.filter(({ type }) => type === "run.created").length, 1, `${run.id} was created once`);
    }
    return runs.map(run => run.logicalAt!).reverse();
  };
  const atLeast = (dagId: string, count: number) =>
    until(async () => (await shared.fleet.state.runs.listRuns({ dagId, limit: 1_000 })).length >= count, {
      deadlineMs: 20_000,
      what: `${count} runs of ${dagId}`,
    });
  /** As if the leader had been away since then. */
  const awaySince = async (dagId: string, at: number) => shared.fleet.state.dags.setLastTick(dagId, at);
  /** A minute's tick must not come in the middle of a test that counts them. */
  const wholeMinute = () =>
    until(() => Date.now() % MINUTE_MS < 35_000, { deadlineMs: 30_000, what: "a minute with some time left" });

  it("makes up exactly the ticks of an hour, although the leader that makes them up dies", async () => {
    await wholeMinute();
    const thisMinute = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
    write("all", `{ schedule: "* * * * *", catchup: true }`);
    write("latest", `{ schedule: "* * * * *" }`);
    for (const id of ["all", "latest"]) await awaySince(id, thisMinute - HOUR_MS);
    const first = await scheduler("s-first");
    await atLeast("all", 5);
    await first.signal("SIGKILL");
    await scheduler("s-second");
    await atLeast("all", 60);
    await atLeast("latest", 1);
    assert.deepEqual(
      (await created("all")).slice(0, 60),
      Array.from({ length: 60 }, (_, i) => thisMinute - HOUR_MS + (i + 1) * MINUTE_MS),
    );
    assert.deepEqual((await created("latest")).slice(0, 1), [thisMinute]);
  }).timeout(90_000);

  it("starts at once what was missed while a DAG was paused", async () => {
    const { state } = shared.fleet;
    write("paused", `{ schedule: { every: "1h" } }`);
    const first = await scheduler("s-one");
    await until(() => state.dags.getDag("paused"), { deadlineMs: 15_000, what: "the DAG" });
    await state.dags.setPaused("paused", true);
    await first.signal("SIGTERM");
    await awaySince("paused", Date.now() - 5 * HOUR_MS);
    await scheduler("s-two");
    write("seen", `{ schedule: "@once" }`);
    await atLeast("seen", 1);
    assert.deepEqual(await created("paused"), []);
    const began = performance.now();
    await state.dags.setPaused("paused", false);
    await atLeast("paused", 1);
    assert.ok(performance.now() - began < 9_000, "it did not wait for the next look");
    assert.deepEqual(await created("paused"), [Math.floor(Date.now() / HOUR_MS) * HOUR_MS]);
  }).timeout(60_000);

  it("runs once what runs once, and what stands on a list", async () => {
    const past = new Date(Date.now() - 2 * HOUR_MS).toISOString();
    const soon = new Date(Date.now() + SECOND_MS).toISOString();
    // Known before: a slow start must not make it come too late.
    await awaySince("events", Date.now());
    write("once", `{ schedule: "@once" }`);
    write("events", `{ schedule: { at: ["${past}", "${soon}", "2999-01-01"] } }`);
    const first = await scheduler("s-one");
    await atLeast("once", 1);
    await atLeast("events", 1);
    await first.signal("SIGTERM");
    await scheduler("s-two");
    // A second leader has looked at everything when it has done this.
    write("marker", `{ schedule: "@once" }`);
    await atLeast("marker", 1);
    assert.deepEqual([(await created("once")).length, await created("events")], [1, [Date.parse(soon)]]);
  }).timeout(60_000);

  it("asks a DAG's own timetable, and asks again when its code was changed, without a new version", async () => {
    const { state } = shared.fleet;
    const everySeconds = (n: number) => `const own = timetable("own", {
      next: after => new Date((Math.floor(after.getTime() / ${n * SECOND_MS}) + 1) * ${n * SECOND_MS}),
    });`;
    write("own", "{ schedule: own, catchup: true }", everySeconds(1));
    await scheduler("s-one");
    await atLeast("own", 3);
    const { version } = (await state.dags.getDag("own"))!;
    const before = await created("own");
    assert.deepEqual(
      before,
      before.map((_, i) => before[0]! + i * SECOND_MS),
    );
    write("own", "{ schedule: own, catchup: true }", everySeconds(2));
    await until(async () => (await state.horizons.get("own"))!.ticks.slice(-3).every(at => at % (2 * SECOND_MS) === 0), {
      deadlineMs: 15_000,
      what: "the new code's ticks",
    });
    await atLeast("own", (await created("own")).length + 2);
    const after = await created("own");
    assert.ok(after.slice(-2).every(at => at % (2 * SECOND_MS) === 0));
    assert.equal(new Set(after).size, after.length);
    assert.equal((await state.dags.getDag("own"))!.version, version);
  }).timeout(60_000);

  it("tells the author of a timetable that goes back", async () => {
    const { state } = shared.fleet;
    write("back", "{ schedule: own }", `const own = timetable("own", { next: after => new Date(after.getTime() - 1) });`);
    await scheduler("s-one");
    const [error] = await until(
      async () => {
        const errors = (await state.dags.listImportErrors()).filter(({ file }) => file === "back.ts");
        return errors.length > 0 ? errors : undefined;
      },
      { deadlineMs: 15_000, what: "the mistake" },
    );
    assert.equal(error?.code, "WL_DAG_TIMETABLE");
    assert.match(error!.message, /is not after it/);
  }).timeout(60_000);
});
