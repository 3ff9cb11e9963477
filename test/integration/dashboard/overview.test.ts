import assert from "node:assert/strict";
import { CalendarReply } from "#contract/calendar.ts";
import type { DagLineReply } from "#contract/dag-line.ts";
import { DagLineListReply } from "#contract/dag-line.ts";
import { LiveTaskListReply } from "#contract/live-task.ts";
import { OverviewReply } from "#contract/overview.ts";
import { essence, type OpenDashboard, openDashboard } from "./open-dashboard.ts";

/** Answers within a moment are the same: asks until the new one is there. */
async function until<T>(ask: () => Promise<T>, isThere: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + 5_000;
  for (;;) {
    const answer = await ask();
    if (isThere(answer) || Date.now() > deadline) return answer;
  }
}

describe("dashboard: overview", () => {
  let dashboard: OpenDashboard;
  beforeEach(async () => {
    dashboard = await openDashboard({ WINDLASS_ENVIRONMENT: "staging" });
  });
  afterEach(() => dashboard.close());

  const start = (dag: string, runId: string) => dashboard.ask(`/api/v1/dags/${dag}/runs`, { method: "POST", body: { runId } });

  it("says what happens now, in the words of its schema", async () => {
    await dashboard.publish({ id: "hourly", schedule: { everyMs: 3_600_000 }, tasks: [{ id: "t", operator: "noop" }] });
    await dashboard.publish({ id: "by_hand", tasks: [{ id: "t", operator: "noop" }] });
    await start("by_hand", "one");
    await dashboard.state.dags.replaceImportErrors([{ file: "bad.ts", code: "WL_DAG_CYCLE", message: "a → b → a", at: 0 }]);
    const now = await until(
      async () => OverviewReply.strict().parse((await dashboard.ask("/api/v1/overview")).body),
      found => found.runningCount > 0,
    );
    assert.deepEqual(
      [
        now.environment,
        now.importErrors,
        now.runningCount,
        now.counts.queued,
        now.running.map(({ id, tasks, ended }) => [id, tasks, ended]),
      ],
      ["staging", 1, 1, 1, [["by_hand~one", 1, 0]]],
    );
    assert.deepEqual([now.health.scheduler.leader, now.health.workers.alive, now.health.waiting.count], [undefined, 0, 0]);
    assert.ok(now.health.scheduler.unread > 0, "nobody has read of the new run");
    assert.deepEqual([...new Set(now.timeline.coming.map(({ dagId }) => dagId))], ["hourly"]);
    assert.deepEqual(
      now.timeline.runs.map(({ id }) => id),
      ["by_hand~one"],
    );
  });

  it("lists DAGs with their last runs and their next one, and hears of new ones", async () => {
    await dashboard.publish({ id: "hourly", schedule: { everyMs: 3_600_000 }, tasks: [{ id: "t", operator: "noop" }] });
    const lines = async (query = ""): Promise<DagLineReply[]> => {
      const { body } = await dashboard.ask(`/api/v1/overview/dags${query}`);
      return DagLineListReply.strict().parse(body).dags;
    };
    const [before] = await lines();
    assert.deepEqual([before?.id, before?.lastRuns, before?.active, before?.successRate], ["hourly", [], 0, undefined]);
    assert.ok(Date.parse(before?.nextRunAt ?? "") > Date.now());
    await start("hourly", "one");
    await start("hourly", "two");
    const now = await until(lines, ([dag]) => dag?.active === 2);
    assert.deepEqual(now[0]?.lastRuns.map(({ id }) => id).sort(), ["hourly~one", "hourly~two"]);
    await dashboard.state.dags.setPaused("hourly", true);
    const [paused] = await lines();
    assert.deepEqual([paused?.paused, paused?.nextRunAt], [true, undefined]);
    await dashboard.state.dags.removeDag("hourly", Date.now());
    assert.deepEqual([(await lines()).length, (await lines("?removed=true")).length], [0, 1]);
  });

  it("lists tasks that go on", async () => {
    await dashboard.publish({ id: "sample", tasks: [{ id: "t", operator: "noop" }] });
    await start("sample", "one");
    const { body } = await dashboard.ask("/api/v1/overview/tasks?state=running&dagId=sample");
    assert.deepEqual(LiveTaskListReply.strict().parse(body), { tasks: [], counts: {}, isPartial: false });
    assert.deepEqual(essence(await dashboard.ask("/api/v1/overview/tasks?state=odd")), [422, "WL_INPUT", "query/state"]);
  });

  it("counts a year's runs by day, in the zone that is asked for", async () => {
    await dashboard.publish({ id: "sample", timezone: "Europe/Berlin", tasks: [{ id: "t", operator: "noop" }] });
    const spec = await dashboard.state.dags.getDag("sample");
    for (const [id, at] of [
      ["late", "2026-03-01T23:30:00Z"],
      ["noon", "2026-03-01T12:00:00Z"],
      ["earlier", "2025-06-01T12:00:00Z"],
    ] as const) {
      await dashboard.state.runs.createRun({
        id: `sample~${id}`,
        dagId: "sample",
        version: spec?.version ?? "",
        trigger: { kind: "schedule" },
        conf: {},
        createdAt: Date.now(),
        logicalAt: Date.parse(at),
      });
    }
    const days = async (query: string) => {
      const { body } = await dashboard.ask(`/api/v1/dags/sample/calendar?${query}`);
      return CalendarReply.strict()
        .parse(body)
        .days.map(({ day, live }) => [day, live]);
    };
    assert.deepEqual(await days("year=2026"), [
      ["2026-03-01", 1],
      ["2026-03-02", 1],
    ]);
    assert.deepEqual(await days("year=2026&zone=UTC"), [["2026-03-01", 2]]);
    assert.deepEqual(await days("year=2025"), [["2025-06-01", 1]]);
    assert.deepEqual(essence(await dashboard.ask("/api/v1/dags/sample/calendar?year=2026&zone=Mars/Base")), [
      422,
      "WL_INPUT",
      "query/zone",
    ]);
    assert.deepEqual(essence(await dashboard.ask("/api/v1/dags/none/calendar?year=2026")), [404, "WL_DAG_UNKNOWN"]);
  });
});
