import assert from "node:assert/strict";
import type { DagSpecInput } from "#core/dag-spec.ts";
import { type OpenDashboard, openDashboard } from "./open-dashboard.ts";

const DAY_MS = 86_400_000;
const dag = (id: string, more: Partial<DagSpecInput> = {}): DagSpecInput => ({
  id,
  tasks: [{ id: "a", operator: "empty" }],
  ...more,
});

describe("the API of schedules, backfills and assets", () => {
  let dashboard: OpenDashboard;
  before(async () => {
    dashboard = await openDashboard();
    const params = { type: "object", properties: { country: { type: "string", default: "de" } }, additionalProperties: false };
    await dashboard.publish(dag("daily", { schedule: { cron: ["0 6 * * *"] }, timezone: "Europe/Berlin", params }));
    await dashboard.publish(dag("intervals", { schedule: { everyMs: DAY_MS }, dataInterval: true }));
    await dashboard.publish(dag("none"));
    const tasks = [{ id: "a", operator: "noop" as const, dependsOnPast: true }];
    await dashboard.publish(dag("past", { schedule: { cron: ["0 6 * * *"] }, tasks }));
    await dashboard.publish(dag("own", { schedule: { timetable: "own" } }));
  });
  after(() => dashboard.close());

  describe("GET /dags/:id/next", () => {
    it("tells what a schedule is going to start", async () => {
      const { status, body } = await dashboard.ask("/api/v1/dags/intervals/next?n=3");
      assert.equal(status, 200);
      const tomorrow = (Math.floor(Date.now() / DAY_MS) + 1) * DAY_MS;
      const day = (n: number) => new Date(tomorrow + n * DAY_MS).toISOString();
      assert.deepEqual(body.paused, false);
      assert.deepEqual(
        body.runs.map((run: { logicalAt: string; startsAt: string; interval: object }) => [
          run.logicalAt,
          run.startsAt,
          run.interval,
        ]),
        [0, 1, 2].map(n => [day(n - 1), day(n), { startAt: day(n - 1), endAt: day(n) }]),
      );
    });
    it("tells of ten unless asked otherwise", async () => {
      assert.equal((await dashboard.ask("/api/v1/dags/daily/next")).body.runs.length, 10);
      assert.equal((await dashboard.ask("/api/v1/dags/daily/next?n=0")).status, 422);
    });
    it("tells of none without a schedule", async () => {
      assert.deepEqual((await dashboard.ask("/api/v1/dags/none/next")).body, { paused: false, runs: [] });
    });
    it("tells what a DAG's own timetable has said", async () => {
      const tick = Date.now() + DAY_MS;
      await dashboard.state.horizons.set("own", { ticks: [tick] });
      const { body } = await dashboard.ask("/api/v1/dags/own/next");
      assert.deepEqual(
        body.runs.map((run: { startsAt: string }) => run.startsAt),
        [new Date(tick).toISOString()],
      );
      assert.equal((await dashboard.ask("/api/v1/dags/own")).body.nextRunAt, new Date(tick).toISOString());
    });
    it("knows no other DAG", async () => {
      assert.equal((await dashboard.ask("/api/v1/dags/nobody/next")).body.code, "WL_DAG_UNKNOWN");
    });
  });

  describe("backfills", () => {
    const body = { dagId: "daily", from: "2026-01-01", until: "2026-01-03T06:00" };
    const post = (change: object = {}) => dashboard.ask("/api/v1/backfills", { method: "POST", body: { ...body, ...change } });

    it("a dry run lists what would be done, in the DAG's zone, and does nothing", async () => {
      const { status, body: answer } = await post({ dryRun: true, order: "newest" });
      assert.equal(status, 200);
      assert.deepEqual(
        answer.plan.map((run: { logicalAt: string; action: string }) => [run.logicalAt, run.action]),
        [
          ["2026-01-03T05:00:00.000Z", "create"],
          ["2026-01-02T05:00:00.000Z", "create"],
          ["2026-01-01T05:00:00.000Z", "create"],
        ],
      );
      assert.deepEqual((await dashboard.ask("/api/v1/backfills")).body, { backfills: [], links: {} });
    });

    it("a dry run tells of the runs that exist", async () => {
      const { runs } = dashboard.state;
      const trigger = { kind: "schedule" } as const;
      const id = "daily~20260102T050000Z";
      await runs.createRun({ id, dagId: "daily", version: "v", trigger, conf: {}, createdAt: 1 });
      const { body: answer } = await post({ dryRun: true, reprocess: "all" });
      assert.deepEqual(
        answer.plan.map((run: { runId: string; action: string; state?: string }) => [run.action, run.state]),
        [
          ["create", undefined],
          ["leave", "queued"],
          ["create", undefined],
        ],
      );
    });

    it("starts one, shows it, pauses, resumes and cancels it", async () => {
      const { status, headers, body: answer } = await post({ conf: { country: "fr" } });
      assert.equal(status, 201);
      const path = headers.get("location")!;
      const { backfill } = answer;
      assert.deepEqual(
        [backfill.state, backfill.total, backfill.done, backfill.maxActiveRuns, backfill.conf, backfill.reprocess],
        ["running", 3, 0, 10, { country: "fr" }, "none"],
      );
      assert.deepEqual((await dashboard.ask(path)).body, backfill);
      for (const state of ["paused", "running", "cancelled"]) {
        const patched = await dashboard.ask(path, { method: "PATCH", body: { state } });
        assert.deepEqual([patched.status, patched.body.state], [200, state]);
      }
      const late = await dashboard.ask(path, { method: "PATCH", body: { state: "running" } });
      assert.deepEqual([late.status, late.body.code], [409, "WL_BACKFILL_OVER"]);
      assert.equal((await dashboard.ask("/api/v1/backfills")).body.backfills.length, 1);
    });

    it("fills in the DAG's parameters", async () => assert.deepEqual((await post()).body.backfill.conf, { country: "de" }));

    const wrong: readonly (readonly [what: string, change: object, pointers: readonly string[]])[] = [
      ["dates that are none", { from: "2026-02-30", until: "tomorrow!!" }, ["#/from", "#/until"]],
      ["an end before the start", { until: "2025-01-01" }, ["#/until"]],
      ["a range without a tick", { from: "2026-01-01T07:00", until: "2026-01-01T08:00" }, ["#/from"]],
      ["a range that is to come", { from: "2999-01-01", until: "2999-01-02" }, ["#/from"]],
      ["too long a range", { from: "1971-01-01" }, ["#/until"]],
      ["a DAG without a schedule", { dagId: "none" }, ["#/from"]],
      ["parameters that the DAG does not have", { conf: { city: "Bonn" } }, ["#/conf/city"]],
      ["backwards what depends on the past", { dagId: "past", order: "newest" }, ["#/order"]],
      ["a way to reprocess that is none", { reprocess: "some" }, ["#/reprocess"]],
    ];
    for (const [what, change, pointers] of wrong) {
      it(`refuses ${what}`, async () => {
        const { status, body: problem } = await post(change);
        assert.equal(status, 422);
        assert.deepEqual(
          problem.errors.map((error: { pointer: string }) => error.pointer),
          pointers,
        );
      });
    }

    it("knows no other backfill", async () => {
      assert.equal((await dashboard.ask("/api/v1/backfills/nobody")).body.code, "WL_BACKFILL_UNKNOWN");
      const patch = { method: "PATCH", body: { state: "paused" } };
      assert.equal((await dashboard.ask("/api/v1/backfills/nobody", patch)).body.code, "WL_BACKFILL_UNKNOWN");
    });
  });

  describe("assets", () => {
    const tell = (body: object) => dashboard.ask("/api/v1/assets/events", { method: "POST", body });

    it("takes an event from outside, once under one id", async () => {
      const event = { asset: "s3://lake/orders", id: "batch-7", extra: { rows: 3 } };
      const first = await tell(event);
      assert.deepEqual([first.status, first.body], [201, { asset: "s3://lake/orders", id: "batch-7", noted: true }]);
      const again = await tell(event);
      assert.deepEqual([again.status, again.body.noted], [200, false]);
      assert.equal((await tell({ asset: "s3://lake/orders" })).status, 201);
      const { assets } = (await dashboard.ask("/api/v1/assets")).body;
      assert.deepEqual([assets.length, assets[0].asset, assets[0].by], [1, "s3://lake/orders", "anonymous"]);
    });
    for (const asset of ["", "two words", "ü", "x".repeat(501)]) {
      it(`refuses the name '${asset.slice(0, 10)}'`, async () => assert.equal((await tell({ asset })).status, 422));
    }
  });
});
