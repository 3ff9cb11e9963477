import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BackfillRequest } from "#core/backfill/backfill.ts";
import { ticksToFill } from "#core/backfill/plan-backfill.ts";
import { isRunFinal } from "#core/run.ts";
import { DagClock } from "#core/schedule/dag-clock.ts";
import type { Backfill } from "#state/backfill-store.ts";
import type { ServiceProcess } from "../../support/fleet.ts";
import { openGate } from "../../support/gate.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

const SHORT_LEASE = { WINDLASS_LEASE_MS: "600", WINDLASS_RECONCILE_MS: "300" };
const at = (text: string): number => Date.parse(text);

describe("backfill", () => {
  const shared = sharedFleet(fleet => fleet.worker());
  const gate = openGate();
  let schedulers: ServiceProcess[] = [];
  const scheduler = async (name: string): Promise<ServiceProcess> => {
    const started = await shared.fleet.scheduler({ ...SHORT_LEASE, WINDLASS_SCHEDULER_ID: name });
    schedulers.push(started);
    return started;
  };
  const write = (id: string, tasks: string): void =>
    writeFileSync(
      join(shared.fleet.dagsDir, `${id}.ts`),
      `import { dag } from "windlass";
       export default dag("${id}", { schedule: "@daily", maxActiveRuns: 1 }, d => { ${tasks} });`,
    );
  const ask = async (dagId: string, change: Partial<BackfillRequest> = {}): Promise<string> => {
    const { dags, backfills } = shared.fleet.state;
    const row = await until(() => dags.getDag(dagId), { deadlineMs: 20_000, what: `DAG ${dagId}` });
    const request: BackfillRequest = {
      id: `${dagId}~backfill-${randomBytes(3).toString("hex")}`,
      dagId,
      fromAt: at("2026-01-01"),
      untilAt: at("2026-01-10"),
      reprocess: "none",
      order: "oldest",
      maxActiveRuns: 3,
      conf: {},
      createdAt: Date.now(),
      by: "test",
      ...change,
    };
    await backfills.create(request, ticksToFill(new DagClock((await dags.getSpec(row.version))!), request, Date.now()));
    return request.id;
  };
  const backfillThat = (id: string, holds: (backfill: Backfill) => boolean, what: string) =>
    until(
      async () => {
        const backfill = await shared.fleet.state.backfills.get(id);
        return backfill && holds(backfill) ? backfill : undefined;
      },
      { deadlineMs: 40_000, what },
    );
  const done = (id: string) => backfillThat(id, ({ state }) => state === "done", "the end of the backfill");
  const runsOf = (dagId: string) => shared.fleet.state.runs.listRuns({ dagId, limit: 100 });

  before(() => {
    write("quick", `d.noop("first").before(d.noop("second"));`);
    write("held", `d.pod("held", { image: "busybox:1.36", command: ["sh", "-c", ${JSON.stringify(`${gate.wait}; true`)}] });`);
    write("fails", `d.noop("good"); d.pod("bad", { image: "busybox:1.36", command: ["sh", "-c", "exit 1"] });`);
  });
  after(() => gate.open());
  afterEach(async () => {
    await Promise.all(schedulers.map(one => one.signal("SIGTERM")));
    schedulers = [];
  });

  it("carries on where a killed leader stopped: no tick lost, none twice", async () => {
    const { runs } = shared.fleet.state;
    const first = await scheduler("s-first");
    const id = await ask("quick");
    await backfillThat(id, ({ cursor }) => cursor >= 2, "two ticks");
    await first.signal("SIGKILL");
    await scheduler("s-second");
    const { counts, total, cursor } = await done(id);
    assert.deepEqual([counts, total, cursor], [{ created: 10, cleared: 0, left: 0 }, 10, 10]);
    const found = (await runsOf("quick")).reverse();
    assert.deepEqual(
      found.map(run => run.logicalAt),
      Array.from({ length: 10 }, (_, i) => at("2026-01-01") + i * 86_400_000),
      "oldest first",
    );
    for (const run of found) {
      assert.deepEqual([run.state, run.trigger.kind, run.trigger.backfillId], ["success", "backfill", id]);
      const history = await runs.history(run.id);
      assert.equal(history.filter(({ type }) => type === "run.created").length, 1);
    }
  }).timeout(90_000);

  it("leaves runs that exist, or clears all of their tasks, once each", async () => {
    const { runs } = shared.fleet.state;
    const first = await scheduler("s-first");
    const left = await done(await ask("quick", { untilAt: at("2026-01-03") }));
    assert.deepEqual(left.counts, { created: 0, cleared: 0, left: 3 });
    const id = await ask("quick", { reprocess: "all", maxActiveRuns: 2 });
    await backfillThat(id, ({ cursor }) => cursor >= 2, "two ticks");
    await first.signal("SIGKILL");
    await scheduler("s-second");
    const { counts } = await done(id);
    assert.deepEqual(counts, { created: 0, cleared: 10, left: 0 });
    for (const { id: runId } of await runsOf("quick")) {
      const run = (await runs.getRun(runId))!;
      assert.deepEqual([run.state, run.tasks.get("first")?.try, run.tasks.get("second")?.try], ["success", 2, 2], runId);
      const acted = (await runs.history(runId)).filter(({ type }) => type === "run.acted");
      assert.equal(acted.length, 1, runId);
    }
  }).timeout(90_000);

  it("clears only what failed, newest first", async () => {
    const { runs } = shared.fleet.state;
    await scheduler("s-one");
    const range = { untilAt: at("2026-01-03"), order: "newest", maxActiveRuns: 1 } as const;
    await done(await ask("fails", range));
    const { counts } = await done(await ask("fails", { ...range, reprocess: "failed" }));
    assert.deepEqual(counts, { created: 0, cleared: 3, left: 0 });
    const found = await Promise.all((await runsOf("fails")).map(async ({ id }) => (await runs.getRun(id))!));
    assert.deepEqual(
      found.map(run => run.logicalAt),
      ["2026-01-01", "2026-01-02", "2026-01-03"].map(at),
      "the oldest was created last",
    );
    for (const run of found) {
      assert.deepEqual([run.state, run.tasks.get("good")?.try, run.tasks.get("bad")?.try], ["failed", 1, 2]);
    }
  }).timeout(90_000);

  it("keeps its own limit of runs, pauses, goes on, and ends its runs when it is cancelled", async () => {
    const { runs, backfills } = shared.fleet.state;
    await scheduler("s-one");
    const id = await ask("held", { maxActiveRuns: 2 });
    const { active } = await backfillThat(id, backfill => backfill.active.length === 2, "two runs");
    for (const run of active) await shared.fleet.taskIn(run, "held", "running", 30_000);
    assert.equal((await runsOf("held")).length, 2, "more than the DAG's own limit, and no more than the backfill's");

    await backfills.move(id, "paused", Date.now());
    await runs.requestCancel(active[0]!, { at: Date.now(), by: "test" });
    await backfillThat(id, backfill => backfill.active.length === 1, "one run");
    assert.equal((await runsOf("held")).length, 2, "a paused backfill starts none");
    await backfills.move(id, "running", Date.now());
    await backfillThat(id, backfill => backfill.active.length === 2, "two runs again");

    await backfills.move(id, "cancelled", Date.now());
    const ended = await backfillThat(id, ({ endedAt }) => endedAt !== undefined, "its end");
    assert.deepEqual([ended.state, ended.cursor, ended.active], ["cancelled", 3, []]);
    const states = (await runsOf("held")).map(run => run.state);
    assert.deepEqual(states, ["cancelled", "cancelled", "cancelled"]);
    assert.deepEqual(await backfills.move(id, "running", Date.now()), { result: "refused", state: "cancelled" });
    assert.ok((await runsOf("held")).every(run => isRunFinal(run.state)));
  }).timeout(120_000);
});
