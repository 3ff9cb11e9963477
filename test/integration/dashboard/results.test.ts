import assert from "node:assert/strict";
import { RunDetailReply } from "#contract/run.ts";
import { succeeded } from "#core/outcome.ts";
import type { TaskRun, TryRecord } from "#core/run.ts";
import { keysOf } from "#state/keys.ts";
import { formatTaskRecord } from "#state/task-record.ts";
import { type OpenDashboard, openDashboard } from "./open-dashboard.ts";

const RUNNING: TaskRun = { state: "running", gen: 1, try: 1, epoch: 1, infra: 0, startedAt: 1_000, worker: "w" };

describe("results over the API", () => {
  let dashboard: OpenDashboard;
  let run: string;

  beforeEach(async () => {
    dashboard = await openDashboard();
    const { status, body } = await dashboard.ask("/api/v1/runs", {
      method: "POST",
      body: { image: "etl:1.4", result: { type: "object", required: ["rows"] }, onFinish: "keep", keepFor: "1h" },
    });
    assert.equal(status, 201);
    run = body.id;
    const keys = keysOf(dashboard.redis.prefix);
    await dashboard.redis.redis.hset(keys.tasks(run), "pod", formatTaskRecord(RUNNING));
  });
  afterEach(() => dashboard.close());

  const taskOf = async () => RunDetailReply.parse((await dashboard.ask(`/api/v1/runs/${run}`)).body).tasks[0]!;

  it("show the value, the pod's timeline, and what the pod said later", async () => {
    assert.ok(!("output" in (await taskOf())));
    const next: TaskRun = { ...RUNNING, state: "success", endedAt: 9_000, outcome: succeeded() };
    const record: TryRecord = {
      try: 1,
      infra: 0,
      state: "success",
      startedAt: 1_000,
      endedAt: 9_000,
      outcome: succeeded(),
      timeline: { createdAt: 1_000, startedAt: 2_000, endedAt: 8_000, imageId: "sha256:1", reason: "Completed" },
    };
    const claim = { runId: run, taskId: "pod", gen: 1, try: 1, epoch: 1 };
    assert.ok(await dashboard.state.claims.finish({ ...claim, next, record, output: { rows: 3, html: "<b>" }, at: 9_000 }));
    const later = { code: "Evicted", message: "low on memory", at: 10_000 };
    await dashboard.state.claims.dispute({ ...claim, infra: 0, recorded: "Completed", later });

    const task = await taskOf();
    assert.deepEqual(task.output, { rows: 3, html: "<b>" });
    assert.deepEqual(task.tries[0]?.timeline, {
      createdAt: "1970-01-01T00:00:01.000Z",
      startedAt: "1970-01-01T00:00:02.000Z",
      endedAt: "1970-01-01T00:00:08.000Z",
      imageId: "sha256:1",
      reason: "Completed",
    });
    assert.deepEqual(task.tries[0]?.later, { ...later, at: "1970-01-01T00:00:10.000Z" });
  });

  it("keep what the caller asked for in the run's spec", async () => {
    const { version } = (await dashboard.state.runs.getRun(run))!;
    const [task] = (await dashboard.state.dags.getSpec(version))!.tasks;
    assert.partialDeepStrictEqual(task, {
      result: { type: "object", required: ["rows"] },
      onFinish: "keep",
      keepForMs: 3_600_000,
    });
  });

  it("are refused at once when their schema cannot be used", async () => {
    const answer = await dashboard.ask("/api/v1/runs", {
      method: "POST",
      body: { image: "etl:1.4", result: { $ref: "https://example.com/schema" } },
    });
    assert.equal(answer.status, 422);
    assert.deepEqual(
      answer.body.errors.map(({ pointer }: { pointer: string }) => pointer),
      ["#/result"],
    );
  });
});
