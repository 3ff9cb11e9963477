import assert from "node:assert/strict";
import { contentHash } from "#core/hash.ts";
import { type OpenDashboard, openDashboard } from "./open-dashboard.ts";

const AT = Date.parse("2026-01-31T06:00:00Z");

describe("deadlines in the API", () => {
  let dashboard: OpenDashboard;
  before(async () => {
    dashboard = await openDashboard();
  });
  after(() => dashboard.close());

  it("a run shows when it should have ended, and which of these it has missed", async () => {
    const notices: [{ kind: "slack" }] = [{ kind: "slack" }];
    const spec = await dashboard.publish({
      id: "etl",
      deadlines: [
        { from: "queued", afterMs: 60_000, notices },
        { from: "logical", afterMs: 1, notices },
        { from: AT, afterMs: -5, notices },
      ],
      tasks: [{ id: "a", operator: "noop" }],
    });
    const { runs, marks } = dashboard.state;
    await runs.createRun({
      id: "etl~1",
      dagId: "etl",
      version: contentHash(spec),
      trigger: { kind: "api" },
      conf: {},
      createdAt: AT,
    });
    await marks.mark({ runId: "etl~1", name: "deadline:2", entry: { at: AT + 9, type: "run.deadlineMissed" } });
    const { body } = await dashboard.ask("/api/v1/runs/etl~1");
    assert.deepEqual(body.deadlines, [
      { dueAt: "2026-01-31T06:01:00.000Z" },
      { dueAt: "2026-01-31T05:59:59.995Z", missedAt: "2026-01-31T06:00:00.009Z" },
    ]);
  });

  it("a run of a DAG without any shows none", async () => {
    const spec = await dashboard.publish({ id: "plain", tasks: [{ id: "a", operator: "noop" }] });
    const header = {
      id: "plain~1",
      dagId: "plain",
      version: contentHash(spec),
      trigger: { kind: "api" as const },
      conf: {},
      createdAt: AT,
    };
    await dashboard.state.runs.createRun(header);
    assert.equal((await dashboard.ask("/api/v1/runs/plain~1")).body.deadlines, undefined);
  });
});
