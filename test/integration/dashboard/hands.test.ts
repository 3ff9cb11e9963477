import assert from "node:assert/strict";
import { DagSpec, type DagSpecInput } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import type { TaskRun, TaskState } from "#core/run.ts";
import { keysOf } from "#state/keys.ts";
import { formatTaskRecord } from "#state/task-record.ts";
import { type OpenDashboard, openDashboard } from "./open-dashboard.ts";

const SPEC: DagSpecInput = {
  id: "etl",
  tasks: [
    { id: "load", operator: "noop" },
    { id: "check", operator: "noop", upstream: ["load"] },
    { id: "save", operator: "noop", upstream: ["check"] },
  ],
};
const RUN = "etl~1";

describe("dashboard: people's hands", () => {
  let dashboard: OpenDashboard;
  beforeEach(async () => {
    dashboard = await openDashboard({ WINDLASS_TOKEN: "0123456789abcdef" });
    const spec = await dashboard.publish(SPEC);
    await dashboard.state.runs.createRun({
      id: RUN,
      dagId: "etl",
      version: contentHash(spec),
      trigger: { kind: "schedule" },
      conf: { day: 1 },
      createdAt: 1_000,
      logicalAt: 900,
    });
    await seed({ load: "success", check: "failed", save: "upstream_failed" });
  });
  afterEach(() => dashboard.close());

  const seed = async (states: Record<string, TaskState>): Promise<void> => {
    const { redis, prefix } = dashboard.redis;
    for (const [id, state] of Object.entries(states)) {
      const task: TaskRun = { state, gen: 1, try: 1, infra: 0, epoch: 1 };
      await redis.hset(keysOf(prefix).tasks(RUN), id, formatTaskRecord(task));
    }
  };
  const headers = { authorization: "Bearer 0123456789abcdef" };
  const post = (path: string, body: unknown = {}) =>
    dashboard.ask(`/api/v1/runs/${RUN}/${path}`, { method: "POST", body, headers });
  const get = (path: string) => dashboard.ask(`/api/v1/${path}`, { headers });
  const pending = async () =>
    [...((await dashboard.state.leader.loadRuns([RUN]))[0]?.acts?.values() ?? [])].map(({ by, act }) => ({ by, act }));

  const ACTS: readonly [path: string, body: object, act: object][] = [
    ["clear", { failedOnly: true }, { type: "clear", tasks: ["check", "save"] }],
    ["clear", { tasks: ["check"] }, { type: "clear", tasks: ["check"] }],
    ["clear", { tasks: ["check"], downstream: true, upstream: true }, { type: "clear", tasks: ["load", "check", "save"] }],
    ["mark", { state: "failed" }, { type: "markRun", state: "failed" }],
    ["tasks/check/mark", { state: "success" }, { type: "mark", tasks: ["check"], state: "success" }],
    ["tasks/check/retry", {}, { type: "clear", tasks: ["check"] }],
  ];
  for (const [path, body, act] of ACTS) {
    it(`${path} ${JSON.stringify(body)} asks the leader`, async () => {
      const answer = await post(path, body);
      assert.deepEqual([answer.status, answer.body.act.type], [202, (act as { type: string }).type]);
      assert.deepEqual(answer.body.tasks, (act as { tasks?: string[] }).tasks ?? []);
      assert.equal(answer.body.count, answer.body.tasks.length);
      assert.deepEqual(await pending(), [{ by: "token", act }]);
    });
  }

  const WAITING: readonly [path: string, state: TaskState, act: object | undefined][] = [
    ["tasks/check/retry", "up_for_retry", { type: "retryNow", tasks: ["check"] }],
    ["tasks/check/retry", "deferred", { type: "retryNow", tasks: ["check"] }],
    ["tasks/check/retry", "success", undefined],
    ["tasks/check/retry", "running", undefined],
    ["tasks/check/stop-retrying", "up_for_retry", { type: "stopRetrying", tasks: ["check"] }],
    ["tasks/check/stop-retrying", "running", { type: "stopRetrying", tasks: ["check"] }],
    ["tasks/check/stop-retrying", "failed", undefined],
  ];
  for (const [path, state, act] of WAITING) {
    it(`${path} of a task that is ${state} ${act === undefined ? "is refused" : "asks the leader"}`, async () => {
      await seed({ check: state });
      const { status, body } = await post(path);
      assert.deepEqual([status, body.code], act === undefined ? [409, "WL_TASK_STATE"] : [202, undefined]);
      assert.deepEqual(await pending(), act === undefined ? [] : [{ by: "token", act }]);
    });
  }

  it("says which tasks it would be, and does nothing", async () => {
    const { status, body } = await post("clear", { failedOnly: true, dryRun: true });
    assert.deepEqual([status, body.act, body.tasks, body.count], [200, undefined, ["check", "save"], 2]);
    assert.deepEqual(await pending(), []);
  });

  it("has nothing to do where nothing has begun", async () => {
    await seed({ load: "none", check: "none", save: "none" });
    const { status, body } = await post("clear");
    assert.deepEqual([status, body.act, body.count, await pending()], [200, undefined, 0, []]);
  });

  const REFUSED: readonly [path: string, body: object, status: number, code: string][] = [
    ["clear", { tasks: ["unknown"] }, 404, "WL_TASK_UNKNOWN"],
    ["clear", { tasks: ["load@0"] }, 404, "WL_TASK_UNKNOWN"],
    ["clear", { tasks: [] }, 422, "WL_INPUT"],
    ["clear", { only: true }, 422, "WL_INPUT"],
    ["mark", { state: "skipped" }, 422, "WL_INPUT"],
    ["tasks/unknown/mark", { state: "success" }, 404, "WL_TASK_UNKNOWN"],
    ["tasks/unknown/retry", {}, 404, "WL_TASK_UNKNOWN"],
  ];
  for (const [path, body, status, code] of REFUSED) {
    it(`refuses ${path} ${JSON.stringify(body)}`, async () => {
      const answer = await post(path, body);
      assert.deepEqual([answer.status, answer.body.code], [status, code]);
      assert.deepEqual(await pending(), []);
    });
  }

  for (const path of ["clear", "mark", "rerun", "tasks/load/retry", "tasks/load/stop-retrying", "tasks/load/mark"]) {
    it(`knows no run for ${path}`, async () => {
      const { status, body } = await dashboard.ask(`/api/v1/runs/etl~9/${path}`, {
        method: "POST",
        body: path.endsWith("mark") ? { state: "success" } : {},
        headers,
      });
      assert.deepEqual([status, body.code], [404, "WL_RUN_UNKNOWN"]);
    });
  }

  describe("with the newest version", () => {
    const publish = async (tasks: DagSpecInput["tasks"]) => contentHash(await dashboard.publish({ ...SPEC, tasks }));

    it("lets a run go on with it", async () => {
      const version = await publish([...SPEC.tasks, { id: "more", operator: "noop", upstream: ["check"] }]);
      const { status } = await post("clear", { tasks: ["check"], version: "newest" });
      assert.equal(status, 202);
      assert.deepEqual(await pending(), [{ by: "token", act: { type: "clear", tasks: ["check"], version } }]);
    });

    it("asks for no other version when it is the run's", async () => {
      await post("clear", { tasks: ["check"], version: "newest" });
      assert.deepEqual(await pending(), [{ by: "token", act: { type: "clear", tasks: ["check"] } }]);
    });

    it("refuses one that a task which has begun is not in", async () => {
      await publish(SPEC.tasks.slice(0, 2));
      const { status, body } = await post("clear", { tasks: ["check"], version: "newest" });
      assert.deepEqual([status, body.code], [409, "WL_VERSION_UNFIT"]);
      assert.match(body.detail, /task 'save' has begun and is not in the other version/);
    });
  });

  it("starts the run again: for the same date, with its parameters or others", async () => {
    const first = await post("rerun");
    const second = await post("rerun", { conf: { day: 2 } });
    assert.deepEqual([first.status, second.status], [201, 201]);
    const [one, other] = await Promise.all([first, second].map(({ body }) => dashboard.state.runs.getRun(body.id)));
    assert.partialDeepStrictEqual(one, {
      conf: { day: 1 },
      logicalAt: 900,
      trigger: { kind: "rerun", by: "token", rerunOf: RUN },
    });
    assert.partialDeepStrictEqual(other, { conf: { day: 2 }, logicalAt: 900, version: one!.version });
  });

  it("keeps what people write about a run and its tasks", async () => {
    const patch = (body: object) => dashboard.ask(`/api/v1/runs/${RUN}`, { method: "PATCH", body, headers });
    assert.partialDeepStrictEqual((await patch({ note: "known" })).body, { id: RUN, remark: { text: "known", by: "token" } });
    await patch({ note: "see #4", taskId: "check" });
    const { body } = await get(`runs/${RUN}`);
    assert.partialDeepStrictEqual(body.remark, { text: "known", by: "token" });
    assert.partialDeepStrictEqual(body.tasks[1].remark, { text: "see #4", by: "token" });
    await patch({ note: "" });
    assert.equal((await get(`runs/${RUN}`)).body.remark, undefined);
    assert.equal((await patch({ note: "x", taskId: "unknown" })).status, 404);
    const { events } = (await get(`runs/${RUN}/history`)).body;
    assert.deepEqual(
      events.map(({ type, actor, text }: Record<string, unknown>) => [type, actor, text]),
      [
        ["run.created", { kind: "leader" }, undefined],
        ["run.noted", { kind: "person", name: "token" }, "known"],
        ["run.noted", { kind: "person", name: "token" }, "see #4"],
        ["run.noted", { kind: "person", name: "token" }, ""],
      ],
    );
    assert.equal((await get("runs/etl~9/history")).status, 404);
  });

  it("exports a run as lines of JSON", async () => {
    const answer = await fetch(`${dashboard.url}/api/v1/runs/${RUN}/export`, { headers });
    assert.deepEqual([answer.status, answer.headers.get("content-type")], [200, "application/x-ndjson"]);
    const text = await answer.text();
    const lines = text
      .trimEnd()
      .split("\n")
      .map(line => JSON.parse(line));
    assert.deepEqual(lines.map(({ kind, runId, taskId }) => [kind, runId, taskId ?? ""]).sort(), [
      ["event", RUN, ""],
      ["run", RUN, ""],
      ["task", RUN, "check"],
      ["task", RUN, "load"],
      ["task", RUN, "save"],
    ]);
    assert.equal((await get("runs/etl~9/export")).status, 404);
  });

  it("lists the versions of a DAG and says what differs between two", async () => {
    const old = contentHash(DagSpec.parse(SPEC));
    const young = contentHash(await dashboard.publish({ ...SPEC, owner: "data" }));
    const { versions } = (await get("dags/etl/versions")).body;
    assert.deepEqual(
      new Map(versions.map((one: { version: string; current: boolean }) => [one.version, one.current])),
      new Map([
        [young, true],
        [old, false],
      ]),
    );
    const diff = await get(`dags/etl/diff?from=${old}&to=${young}`);
    assert.deepEqual(diff.body, {
      from: old,
      to: young,
      added: [],
      removed: [],
      changed: [],
      dag: [{ path: "/owner", to: "data" }],
    });
    assert.deepEqual((await get(`dags/etl/diff?from=${old}&to=x`)).body.code, "WL_VERSION_UNKNOWN");
    assert.deepEqual((await get("dags/unknown/versions")).body.code, "WL_DAG_UNKNOWN");
    await dashboard.state.dags.removeDag("etl", 5_000);
    assert.equal((await get("dags/etl/versions")).body.versions.length, 2, "also when its file is gone");
    assert.partialDeepStrictEqual((await get("dags/etl")).body, {
      id: "etl",
      version: young,
      removedAt: "1970-01-01T00:00:05.000Z",
    });
    assert.deepEqual([(await get("dags")).body.dags.length, (await get("dags?removed=true")).body.dags.length], [0, 1]);
  });
});
