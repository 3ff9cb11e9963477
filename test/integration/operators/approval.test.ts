import assert from "node:assert/strict";
import { taskOf } from "#core/run.ts";
import { readConfig } from "#runtime/config.ts";
import { createLogger } from "#runtime/logger.ts";
import { DashboardConfig } from "../../../services/dashboard/config.ts";
import { type Dashboard, startDashboard } from "../../../services/dashboard/dashboard.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";

describe("an approval", () => {
  let dashboard: Dashboard;
  const shared = sharedFleet(async fleet => {
    await Promise.all([fleet.scheduler(), fleet.worker()]);
    const { host, port } = fleet.redis.options;
    const config = readConfig(DashboardConfig, {
      REDIS_URL: `redis://${host}:${port}`,
      WINDLASS_PREFIX: fleet.prefix,
      WINDLASS_PORT: "0",
      WINDLASS_LOGS_DIR: fleet.logsDir,
    });
    dashboard = await startDashboard(config, { log: createLogger("test", { level: "silent" }) });
  });
  after(() => dashboard.close());

  const answer = async (run: string, task: string, body: object) => {
    const response = await fetch(`${dashboard.url}/api/v1/runs/${encodeURIComponent(run)}/tasks/${task}/approval`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  const ask = (id: string, more: object = {}) => ({
    id,
    tasks: [
      { id: "ask", operator: "approval" as const, question: "Publish?", options: ["later"], ...more },
      { id: "next", operator: "noop" as const, upstream: ["ask"] },
    ],
  });

  it("waits without a worker, goes on at once when a person answers, and the first answer counts", async () => {
    const { fleet } = shared;
    const run = await fleet.start(ask("publish"));
    const waiting = await fleet.taskIn(run, "ask", "deferred");
    assert.equal((await answer(run, "ask", { answer: "perhaps" })).status, 422);
    assert.equal((await answer(run, "next", { answer: "approve" })).body.code, "WL_APPROVAL_NONE");
    const taken = await answer(run, "ask", { answer: "later", note: "on Monday" });
    assert.deepEqual([taken.status, taken.body.answer, taken.body.by], [200, "later", "anonymous"]);
    // Long before the look that the delay would have allowed.
    const ended = await fleet.ended(run, 10_000);
    assert.equal(ended.state, "success");
    assert.deepEqual((await fleet.state.runs.outputs(run)).get("ask"), "later");
    const { try: tryNumber, gen, infra } = taskOf(ended, "ask");
    assert.deepEqual([tryNumber, gen, infra, waiting.try], [1, 1, 0, 1]);

    assert.equal((await answer(run, "ask", { answer: "later", note: "on Monday" })).status, 200, "the same once more");
    const other = await answer(run, "ask", { answer: "approve" });
    assert.deepEqual([other.status, other.body.code], [409, "WL_APPROVAL_DECIDED"]);
    const history = await fleet.state.runs.history(run);
    assert.deepEqual(
      history.filter(({ type }) => type === "approval.decided").map(({ by, answer, note }) => ({ by, answer, note })),
      [{ by: "anonymous", answer: "later", note: "on Monday" }],
    );
  });

  it("rejected fails the task without another try, and what follows it", async () => {
    const { fleet } = shared;
    const run = await fleet.start(ask("rejected", { retry: { retries: 3, delayMs: 0 } }));
    await fleet.taskIn(run, "ask", "deferred");
    await answer(run, "ask", { answer: "reject", note: "wrong numbers" });
    const { state, tasks } = await fleet.ended(run, 10_000);
    const { outcome, try: tryNumber } = tasks.get("ask")!;
    assert.deepEqual([state, tasks.get("next")!.state, tryNumber], ["failed", "upstream_failed", 1]);
    assert.deepEqual([outcome!.code, outcome!.evidence], ["ApprovalRejected", "wrong numbers"]);
  });

  it("nobody in time: what onTimeout says, without a person", async () => {
    const { fleet } = shared;
    const run = await fleet.start(ask("late", { timeoutMs: 300, onTimeout: "skip" }));
    const { state, tasks } = await fleet.ended(run, 10_000);
    assert.deepEqual([state, tasks.get("ask")!.state, tasks.get("next")!.state], ["success", "skipped", "skipped"]);
  });
});
