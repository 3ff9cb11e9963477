import assert from "node:assert/strict";
import { failure } from "#core/failure.ts";
import { NOTICE_MOMENTS } from "#core/notice.ts";
import { compose, type NoticeFacts } from "#notify/compose.ts";

const AT = Date.parse("2026-01-31T06:00:00Z");
const outcome = failure("OOMKilled", { container: "main", values: { limit: "512Mi" }, evidence: "reason OOMKilled" });
const facts: NoticeFacts = {
  id: "etl~1~load~2~onFailure~0",
  moment: "onFailure",
  dagId: "etl",
  runId: "etl~1",
  taskId: "load",
  try: 2,
  maxTries: 3,
  state: "failed",
  createdAt: AT,
  startedAt: AT,
  endedAt: AT + 90_000,
  outcome,
  links: { run: "https://w.example/runs/etl~1", logs: "https://w.example/api/v1/runs/etl~1/tasks/load/logs?try=2" },
};

describe("compose", () => {
  it("a failed task: what, why, what to do, where", () => {
    const { id, subject, text } = compose(facts);
    assert.deepEqual([id, subject], [facts.id, "[Windlass] etl / load failed (try 2 of 3)"]);
    assert.equal(
      text,
      `etl / load failed

run: etl~1
state: failed
ended: 2026-01-31T06:01:30.000Z, after 1m30s

OOMKilled: container "main" used more memory than 512Mi
evidence: reason OOMKilled
what to do: Raise resources.limits.memory; memoryGrowth does it from try to try.

run: https://w.example/runs/etl~1
log: https://w.example/api/v1/runs/etl~1/tasks/load/logs?try=2
`,
    );
  });

  it("a failed run names the tasks that failed, at most ten", () => {
    const { taskId: _, try: __, maxTries: ___, outcome: ____, ...run } = facts;
    const failedTasks = Array.from({ length: 12 }, (_, i) => ({ taskId: `t${i}`, outcome }));
    const { subject, text } = compose({ ...run, failedTasks });
    assert.equal(subject, "[Windlass] etl failed");
    assert.match(text, /\ntask t9\n {2}OOMKilled: [\s\S]*\nand 2 more\n/);
    assert.doesNotMatch(text, /t10/);
  });

  it("data for programs: instants in ISO 8601, the advice beside the outcome, the id", () => {
    const { payload } = compose(facts);
    assert.deepEqual(payload.endedAt, "2026-01-31T06:01:30.000Z");
    assert.match(String((payload.outcome as { advice: string }).advice), /memory/);
    assert.deepEqual([payload.id, payload.taskId, payload.moment], [facts.id, "load", "onFailure"]);
    assert.equal(JSON.parse(JSON.stringify(payload)).links.run, facts.links.run);
  });

  it("every moment has its words", () => {
    const subjects = NOTICE_MOMENTS.map(moment => compose({ ...facts, moment }).subject);
    assert.equal(new Set(subjects).size, NOTICE_MOMENTS.length);
  });
});
