import assert from "node:assert/strict";
import { unpackCells } from "#contract/grid-cells.ts";
import { NOT_STARTED, type TaskRun } from "#core/run.ts";
import { keysOf } from "#state/keys.ts";
import { formatTaskRecord } from "#state/task-record.ts";
import { essence, type OpenDashboard, openDashboard } from "./open-dashboard.ts";

const pod = (id: string, upstream: readonly string[] = []) => ({
  id,
  operator: "pod" as const,
  upstream: [...upstream],
  pod: { image: "busybox:1.36", resources: { limits: { memory: "64Mi" } } },
});

describe("dashboard: what the pages of runs read", () => {
  let dashboard: OpenDashboard;
  const DAG = {
    id: "sample",
    podDefaults: { spec: { nodeSelector: { disk: "ssd" } } },
    tasks: [pod("x.a"), pod("x.b", ["x.a"]), { ...pod("each", ["x.b"]), map: { over: [1, 2, 3] } }],
  };
  before(async () => {
    dashboard = await openDashboard();
    await dashboard.publish(DAG);
  });
  after(() => dashboard.close());

  const start = async (name: string): Promise<string> =>
    (await dashboard.ask("/api/v1/dags/sample/runs", { method: "POST", body: { runId: name } })).body.id;

  /** Writes records as leader and workers would have left them. */
  async function record(
    runId: string,
    tasks: Readonly<Record<string, Partial<TaskRun>>>,
    run: Readonly<Record<string, string | number>> = {},
  ) {
    const keys = keysOf(dashboard.redis.prefix);
    for (const [id, task] of Object.entries(tasks))
      await dashboard.redis.redis.hset(keys.tasks(runId), id, formatTaskRecord({ ...NOT_STARTED, ...task }));
    if (Object.keys(run).length > 0) await dashboard.redis.redis.hset(keys.run(runId), run);
  }

  it("draws a version, and says which are unknown", async () => {
    const { version } = (await dashboard.ask("/api/v1/dags/sample")).body;
    const { status, body, headers } = await dashboard.ask(`/api/v1/dags/sample/versions/${version}/layout`);
    assert.equal(status, 200);
    assert.ok(headers.has("etag"), "it is drawn once and asked for often");
    assert.deepEqual(
      body.nodes.map((node: { id: string }) => node.id),
      ["x.a", "x.b", "each"],
    );
    assert.deepEqual(
      body.groups.map((group: { id: string }) => group.id),
      ["x"],
    );
    assert.deepEqual(essence(await dashboard.ask("/api/v1/dags/other/versions/v/layout")), [404, "WL_VERSION_UNKNOWN"]);
    assert.deepEqual(essence(await dashboard.ask(`/api/v1/dags/other/versions/${version}/layout`)), [404, "WL_VERSION_UNKNOWN"]);
  });

  it("shows runs by tasks, and sends the rows only to who has them not", async () => {
    const first = await start("g1");
    const second = await start("g2");
    await record(
      first,
      { "x.a": { state: "success", try: 2 }, "x.b": { state: "failed", try: 1 }, each: { state: "upstream_failed" } },
      { state: "failed", rev: 3, endedAt: 5 },
    );
    await record(second, { "x.a": { state: "running", try: 1 } }, { state: "running" });
    const { body } = await dashboard.ask("/api/v1/dags/sample/grid");
    assert.deepEqual(body.tasks, [{ id: "x.a" }, { id: "x.b" }, { id: "each", mapped: true }]);
    const cells = new Map(body.runs.map((run: { id: string; cells: string }) => [run.id, unpackCells(run.cells)]));
    assert.deepEqual([cells.get(second), cells.get(first)], ["rnn", "Sfu"]);

    const again = (await dashboard.ask(`/api/v1/dags/sample/grid?rows=${body.rows}&runs=1`)).body;
    assert.equal(again.tasks, undefined);
    assert.equal(again.runs.length, 1);
    const older = (await dashboard.ask(again.links.next)).body;
    assert.deepEqual(
      older.runs.map((run: { id: string }) => run.id),
      [first],
    );
  });

  it("draws an ended run once, and again when it goes on", async () => {
    const run = await start("g3");
    const cellsOf = async () => unpackCells((await dashboard.ask("/api/v1/dags/sample/grid?runs=1")).body.runs[0].cells);
    await record(run, { "x.a": { state: "failed", try: 1 } }, { state: "failed", rev: 7 });
    assert.equal(await cellsOf(), "fnn");
    // Nobody looks at the records of an ended run again.
    await record(run, { "x.b": { state: "success", try: 1 } });
    assert.equal(await cellsOf(), "fnn");
    await record(run, { "x.a": { state: "none" } }, { state: "running", rev: 8 });
    assert.equal(await cellsOf(), "nsn");
  });

  it("shows one task in the runs of its DAG", async () => {
    const run = await start("t1");
    await record(run, {
      "x.b": {
        state: "failed",
        try: 1,
        startedAt: 1_000,
        endedAt: 2_000,
        outcome: { result: "failed", code: "ExitCode", blame: "user", message: "exited with 1" },
      },
    });
    const { body } = await dashboard.ask("/api/v1/dags/sample/tasks/x.b/runs?limit=1");
    assert.deepEqual(body.runs, [
      {
        runId: run,
        runState: "queued",
        createdAt: body.runs[0].createdAt,
        state: "failed",
        try: 1,
        startedAt: "1970-01-01T00:00:01.000Z",
        endedAt: "1970-01-01T00:00:02.000Z",
        code: "ExitCode",
        message: "exited with 1",
      },
    ]);
  });

  it("counts the instances of a mapped task, pages through them, and shows one", async () => {
    const run = await start("m1");
    await record(run, {
      each: { state: "mapped", count: 3 },
      "each@0": { state: "success", try: 1 },
      "each@2": { state: "failed", try: 2 },
    });
    const path = `/api/v1/runs/${run}/tasks/each`;
    const { body } = await dashboard.ask(`${path}/instances`);
    assert.deepEqual([body.total, body.matching, body.counts], [3, 3, { success: 1, none: 1, failed: 1 }]);
    assert.deepEqual(
      body.instances.map((one: { id: string; state: string }) => `${one.id} ${one.state}`),
      ["each@0 success", "each@1 none", "each@2 failed"],
    );
    const failed = (await dashboard.ask(`${path}/instances?state=failed`)).body;
    assert.deepEqual(
      failed.instances.map((one: { id: string }) => one.id),
      ["each@2"],
    );
    assert.equal((await dashboard.ask(`${path}/instances?offset=1&limit=1`)).body.instances[0].id, "each@1");

    assert.equal((await dashboard.ask(path)).body.instances, 3);
    const one = (await dashboard.ask(`${path}@2`)).body;
    assert.deepEqual([one.id, one.state, one.instances], ["each@2", "failed", undefined]);
    assert.match(one.links.logs, /each%402\/logs$/);
    assert.deepEqual(essence(await dashboard.ask(`${path}@7`)), [404, "WL_TASK_UNKNOWN"]);
    const { verdict } = (await dashboard.ask(`/api/v1/runs/${run}`)).body;
    assert.equal(verdict.firstFailed, "each@2");
  });

  it("says what a task's pod is made from", async () => {
    const run = await start("p1");
    const { body } = await dashboard.ask(`/api/v1/runs/${run}/tasks/x.a/manifest`);
    assert.match(body.yaml, /image: busybox:1\.36 # task/);
    assert.doesNotMatch(body.yaml, /metadata/, "nothing was said of it");
    assert.match(body.yaml, /disk: ssd # podDefaults/);
  });

  describe("logs by lines", () => {
    let path = "";
    const text = (n: number): string => (n === 1_234 ? "ERROR the Needle is here" : `line ${n}`);
    before(async () => {
      const runId = await start("l1");
      path = `/api/v1/runs/${runId}/tasks/x.a/logs`;
      const writer = await dashboard.logs.openWriter({ runId, taskId: "x.a", try: 1 });
      for (let n = 1; n <= 3_000; n++) {
        const ts = `2026-11-24T20:${String(Math.floor(n / 60) % 60).padStart(2, "0")}:${String(n % 60).padStart(2, "0")}.000000000Z`;
        if (!writer.write({ ts, text: text(n) })) await writer.flush();
      }
      writer.write({ by: "event", text: "Warning Evicted: the needle" });
      await writer.flush();
      await writer.leave();
    });

    it("gives a stretch of it from anywhere", async () => {
      const { body } = await dashboard.ask(`${path}/lines?from=2900&count=3`);
      assert.deepEqual([body.total, body.from, body.ended, body.container, body.try], [3_001, 2_900, false, "main", 1]);
      assert.deepEqual(
        body.lines.map((line: { text: string }) => line.text),
        ["line 2900", "line 2901", "line 2902"],
      );
      assert.match(body.lines[0].at, /^2026-11-24T20:/);
    });

    it("counts from the end", async () => {
      const { body } = await dashboard.ask(`${path}/lines?from=-2`);
      assert.deepEqual(
        body.lines.map((line: { text: string; by?: string }) => [line.text, line.by]),
        [
          ["line 3000", undefined],
          ["Warning Evicted: the needle", "event"],
        ],
      );
      assert.equal(body.from, 3_000);
    });

    it("ends where the log does, and begins there at the latest", async () => {
      assert.equal((await dashboard.ask(`${path}/lines?from=3001&count=10`)).body.lines.length, 1);
      assert.equal((await dashboard.ask(`${path}/lines?from=99999`)).body.from, 3_001);
      assert.equal((await dashboard.ask(`${path}/lines?from=-99999&count=1`)).body.from, 1);
    });

    it("finds the lines that have a text", async () => {
      assert.deepEqual((await dashboard.ask(`${path}/search?q=needle`)).body, { lines: [1_234, 3_001], total: 2 });
      assert.deepEqual((await dashboard.ask(`${path}/search?q=Needle`)).body, { lines: [1_234], total: 1 });
      assert.equal((await dashboard.ask(`${path}/search?q=line`)).body.total, 2_999);
      assert.deepEqual(essence(await dashboard.ask(`${path}/search`)), [422, "WL_INPUT", "query/q"]);
    });

    it("goes on counting as the log grows", async () => {
      const runId = "sample~l1";
      const writer = await dashboard.logs.openWriter({ runId, taskId: "x.a", try: 1 });
      writer.write({ ts: "2026-11-24T21:00:00.000000000Z", text: "the end" });
      await writer.close();
      const { body } = await dashboard.ask(`${path}/lines?from=-1`);
      assert.deepEqual([body.total, body.ended, body.lines[0].text], [3_002, true, "the end"]);
    });

    it("says that there is no log", async () =>
      assert.deepEqual(essence(await dashboard.ask(`${path.replace("x.a", "x.b")}/lines`)), [404, "WL_LOG_UNKNOWN"]));
  });
});
