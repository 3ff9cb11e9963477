import assert from "node:assert/strict";
import { AirflowDagRun } from "#contract/airflow/dag-run.ts";
import { absentOperations } from "../../../services/dashboard/airflow/absent-operations.ts";
import { airflowOperations } from "../../../services/dashboard/airflow/index.ts";
import { hashPassword } from "../../../services/dashboard/auth/password-hash.ts";
import { until } from "../../support/until.ts";
import { openDashboard } from "../dashboard/open-dashboard.ts";
import { type AirflowScene, AT, openScene, RUN, TOKEN } from "./airflow-scene.ts";

const OF_RUN = "/dags/etl/dagRuns/manual__a%3Ab";

describe("Airflow's API: writing", () => {
  let scene: AirflowScene;
  beforeEach(async () => {
    scene = await openScene();
  });
  afterEach(() => scene.close());

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) => scene.call("POST", path, body, headers);
  const trigger = (body: object, headers: Record<string, string> = {}) => post("/dags/etl/dagRuns", body, headers);

  /** The call waits until the leader has done what it asks for; here the test is the leader. */
  async function asLeader<T>(
    call: Promise<T>,
    runId: string,
    change: Record<string, string> = {},
  ): Promise<{ answer: T; acts: unknown[] }> {
    const acts = await until(async () => {
      const found = await scene.pending(runId);
      return found.length > 0 ? found : undefined;
    });
    await scene.commit(runId, { state: "queued", ...change });
    return { answer: await call, acts };
  }

  it("starts a run with all that Airflow lets it have", async () => {
    const { status, body } = await trigger({
      dag_run_id: "manual__2026-01-31T06:00:00+00:00",
      logical_date: "2026-01-31T07:00:00.123456+01:00",
      data_interval_start: "2026-01-30T06:00:00Z",
      data_interval_end: "2026-01-31T06:00:00Z",
      run_after: "2026-01-31T06:00:00Z",
      conf: { day: 7 },
      note: "by hand",
    });
    const run = AirflowDagRun.parse(body);
    assert.deepEqual([status, run.state, run.note, run.conf], [200, "queued", "by hand", { day: 7 }]);
    assert.deepEqual([run.dag_run_id, run.logical_date], ["manual__2026-01-31T06:00:00+00:00", "2026-01-31T06:00:00.123Z"]);
    assert.deepEqual([run.data_interval_start, run.data_interval_end], ["2026-01-30T06:00:00.000Z", "2026-01-31T06:00:00.000Z"]);
    const stored = await scene.state.runs.getSummary("etl~manual__2026-01-31T06_x3A_00_x3A_00_x2B_00_x3A_00");
    assert.deepEqual([stored?.trigger.kind, stored?.trigger.by, stored?.logicalAt], ["api", "token", AT + 123]);
    assert.deepEqual((await scene.call("GET", `/dags/etl/dagRuns/${encodeURIComponent(run.dag_run_id)}`)).body, body);
  });

  it("starts one that says nothing, with the DAG's own parameters", async () => {
    const { status, body } = await trigger({ logical_date: null });
    assert.deepEqual([status, body.conf, body.logical_date], [200, { day: 1 }, null]);
    assert.match(body.dag_run_id, /^manual-/);
  });

  it("starts a run once for its id, and once for an Idempotency-Key", async () => {
    assert.equal((await trigger({ dag_run_id: "one" })).status, 200);
    assert.equal((await trigger({ dag_run_id: "one" })).status, 409);
    const key = { "idempotency-key": "k" };
    const [first, second] = [await trigger({}, key), await trigger({}, key)];
    assert.deepEqual([first.status, second.body.dag_run_id], [200, first.body.dag_run_id]);
  });

  const REFUSED: readonly [what: string, body: object, status: number][] = [
    ["a parameter that the DAG does not have", { conf: { month: 1 } }, 400],
    ["a parameter of another type", { conf: { day: "x" } }, 400],
    ["half an interval", { data_interval_start: "2026-01-30T06:00:00Z" }, 422],
    ["a date without an offset", { logical_date: "2026-01-31T06:00:00" }, 422],
    ["an unknown field", { colour: "red" }, 422],
    ["an id that is too long", { dag_run_id: ":".repeat(100) }, 422],
    ["a partition", { partition_key: "p" }, 501],
    ["a start that is to come", { run_after: "2999-01-01T00:00:00Z" }, 501],
  ];
  for (const [what, body, status] of REFUSED) {
    it(`refuses to start a run with ${what}`, async () => {
      const answer = await trigger(body);
      assert.equal(answer.status, status);
      assert.equal(Array.isArray(answer.body.detail), status === 422);
    });
  }

  it("does not know another DAG", async () => assert.equal((await post("/dags/nope/dagRuns", {})).status, 404));

  it("pauses and unpauses a DAG", async () => {
    const patched = await scene.call("PATCH", "/dags/etl?update_mask=is_paused", { is_paused: true });
    assert.deepEqual([patched.status, patched.body.is_paused], [200, true]);
    assert.equal((await scene.state.dags.getDag("etl"))?.paused, true);
    const all = await scene.call("PATCH", "/dags?dag_id_pattern=~", { is_paused: false });
    assert.deepEqual([all.body.total_entries, all.body.dags[0].is_paused], [1, false]);
    assert.equal((await scene.state.dags.getDag("etl"))?.paused, false);
    assert.equal((await scene.call("PATCH", "/dags/nope", { is_paused: true })).status, 404);
  });

  const CLEARS: readonly [what: string, body: object, tasks: string[]][] = [
    ["what has failed", {}, ["load@1", "check"]],
    ["one task", { task_ids: ["list"], only_failed: false }, ["list"]],
    ["an instance", { task_ids: [["load", 1]], only_failed: false }, ["load@1"]],
    [
      "a task and what comes after it",
      { task_ids: ["list"], only_failed: false, include_downstream: true },
      ["list", "load", "check"],
    ],
    ["what runs", { only_running: true }, []],
  ];
  for (const [what, body, tasks] of CLEARS) {
    it(`clears ${what}, and only says so unless dry_run is false`, async () => {
      const asked = { dag_run_id: "manual__a:b", ...body };
      const dry = await post("/dags/etl/clearTaskInstances", asked);
      const ids = dry.body.task_instances.map((one: { task_id: string; map_index: number }) =>
        one.task_id === "load" ? `load@${one.map_index}` : one.task_id,
      );
      assert.deepEqual([dry.status, ids], [200, tasks.flatMap(id => (id === "load" ? ["load@0", "load@1"] : [id]))]);
      assert.deepEqual(await scene.pending(RUN), []);
      const call = post("/dags/etl/clearTaskInstances", { ...asked, dry_run: false, note: "again" });
      if (tasks.length === 0) return assert.equal((await call).body.total_entries, 0);
      const { answer, acts } = await asLeader(call, RUN);
      assert.deepEqual([answer.status, answer.body.total_entries], [200, ids.length]);
      assert.deepEqual(acts, [{ by: "token", act: { type: "clear", tasks } }]);
      assert.equal((await scene.state.runs.remarks(RUN)).tasks.get(tasks[0]!)?.text, "again");
    });
  }

  it("clears a run, and answers with what it is then", async () => {
    const dry = await post(`${OF_RUN}/clear`, {});
    assert.deepEqual([dry.status, dry.body.total_entries], [200, 4]);
    const { answer, acts } = await asLeader(post(`${OF_RUN}/clear`, { dry_run: false, only_failed: true, note: "again" }), RUN);
    assert.deepEqual([answer.status, answer.body.state, answer.body.note], [200, "queued", "again"]);
    assert.deepEqual(acts, [{ by: "token", act: { type: "clear", tasks: ["load@1", "check"] } }]);
  });

  const NOT_CLEARED: readonly [body: object, status: number][] = [
    [{ only_failed: true, only_running: true }, 422],
    [{ task_ids: [] }, 422],
    [{ dag_run_id: null }, 422],
    [{ task_ids: ["nope"] }, 404],
    [{ dag_run_id: "nope" }, 404],
    [{ include_future: true }, 501],
    [{ reset_dag_runs: false }, 501],
    [{ dag_run_id: null, start_date: "2026-01-01T00:00:00Z" }, 501],
  ];
  for (const [body, status] of NOT_CLEARED) {
    it(`refuses to clear with ${JSON.stringify(body)}`, async () => {
      assert.equal((await post("/dags/etl/clearTaskInstances", { dag_run_id: "manual__a:b", ...body })).status, status);
    });
  }

  it("marks a run, and writes a note where the mask says so", async () => {
    const { answer, acts } = await asLeader(scene.call("PATCH", OF_RUN, { state: "success", note: "fine" }), RUN, {
      state: "success",
    });
    assert.deepEqual([answer.status, answer.body.state, answer.body.note], [200, "success", "fine"]);
    assert.deepEqual(acts, [{ by: "token", act: { type: "markRun", state: "success" } }]);
    const masked = await scene.call("PATCH", `${OF_RUN}?update_mask=note`, { state: "failed", note: null });
    assert.deepEqual([masked.status, masked.body.note], [200, null]);
    assert.equal((await scene.call("PATCH", OF_RUN, { state: "queued" })).status, 501);
  });

  it("marks a task", async () => {
    const path = `${OF_RUN}/taskInstances/load?map_index=1`;
    const { answer, acts } = await asLeader(scene.call("PATCH", path, { new_state: "success" }), RUN);
    assert.deepEqual([answer.status, answer.body.task_instances[0].map_index], [200, 1]);
    assert.deepEqual(acts, [{ by: "token", act: { type: "mark", tasks: ["load@1"], state: "success" } }]);
    assert.equal((await scene.call("PATCH", path, { new_state: "success", include_past: true })).status, 501);
  });
});

describe("Airflow's API: rights", () => {
  let scene: AirflowScene;
  const VIEWER = "wl_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  before(async () => {
    scene = await openScene();
    const grants = [{ role: "viewer" as const }];
    await scene.state.tokens.putToken(VIEWER, { id: "t", name: "t", by: "ada", grants, createdAt: 0 });
  });
  after(() => scene.close());

  const isAbsent = new Set<unknown>(absentOperations);
  const NAMES: Readonly<Record<string, string>> = {
    dagId: "etl",
    dagRunId: "manual__a%3Ab",
    taskId: "list",
    mapIndex: "0",
    tryNumber: "1",
  };
  for (const operation of airflowOperations.filter(one => !isAbsent.has(one))) {
    const { method, path } = operation;
    const isRead = method === "get";
    it(`a viewer ${isRead ? "may" : "must not"} ${method} ${path}`, async () => {
      const filled = path.slice("/api/v2".length).replace(/:(\w+)/g, (_, name: string) => NAMES[name] ?? "return_value");
      const query = filled.endsWith("/wait") ? "?interval=1" : "";
      const headers = { authorization: `Bearer ${VIEWER}` };
      const { status } = await scene.call(method.toUpperCase(), `${filled}${query}`, isRead ? undefined : {}, headers);
      assert.equal(status === 403, !isRead);
      assert.ok(status < 500);
    });
  }
});

describe("Airflow's API: logging in", () => {
  let scene: AirflowScene;
  before(async () => {
    scene = await openScene();
  });
  after(() => scene.close());

  const login = (body: unknown, path = "/auth/token") => scene.ask(path, { method: "POST", body });
  const reads = (token: string) => scene.ask("/api/v2/dags", { headers: { authorization: `Bearer ${token}` } });

  it("gives a token of a day for the installation's", async () => {
    for (const path of ["/auth/token", "/auth/token/cli"]) {
      const { status, body } = await login({ username: "anybody", password: TOKEN }, path);
      assert.equal(status, 201);
      assert.notEqual(body.access_token, TOKEN);
      assert.equal((await reads(body.access_token)).status, 200);
    }
  });

  it("takes a form", async () => {
    const response = await fetch(`${scene.url}/auth/token`, {
      method: "POST",
      body: new URLSearchParams({ username: "anybody", password: TOKEN }),
    });
    assert.equal(response.status, 201);
  });

  it("gives no more rights than an API token has, and for no longer", async () => {
    const secret = "wl_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    const grants = [{ role: "viewer" as const }];
    const expiresAt = Date.now() + 60_000;
    await scene.state.tokens.putToken(secret, { id: "t", name: "ci", by: "ada", grants, createdAt: 0, expiresAt });
    const { body } = await login({ username: "x", password: secret });
    const as = { authorization: `Bearer ${body.access_token}` };
    assert.equal((await scene.call("GET", "/dags/etl", undefined, as)).status, 200);
    assert.equal((await scene.call("PATCH", "/dags/etl", { is_paused: true }, as)).status, 403);
    const made = (await scene.state.tokens.listTokens()).find(token => token.by === "ada/ci");
    assert.deepEqual([made?.grants, made?.expiresAt], [grants, expiresAt]);
  });

  const WRONG: readonly [body: unknown, status: number][] = [
    [{ username: "a", password: "wrong" }, 401],
    [{ username: "a", password: "wl_wrong" }, 401],
    [{ username: "a" }, 422],
    [{ username: "a", password: "b", more: 1 }, 422],
  ];
  for (const [body, status] of WRONG) {
    it(`refuses ${JSON.stringify(body)}`, async () => {
      const answer = await login(body);
      assert.equal(answer.status, status);
      assert.equal(Array.isArray(answer.body.detail), status === 422);
    });
  }

  it("takes a person's name and password, and gives her rights", async () => {
    const people = await openDashboard({ WINDLASS_AUTH: "password" });
    try {
      const passwordHash = await hashPassword("correct horse");
      await people.state.users.putUser({ name: "ada", passwordHash, grants: [{ role: "viewer" }], createdAt: 0 });
      const ask = (password: string) => people.ask("/auth/token", { method: "POST", body: { username: "ada", password } });
      assert.equal((await ask("wrong horse")).status, 401);
      const { status, body } = await ask("correct horse");
      const headers = { authorization: `Bearer ${body.access_token}` };
      const [read, write] = await Promise.all([
        people.ask("/api/v2/dags", { headers }),
        people.ask("/api/v2/dags", { headers, method: "PATCH", body: { is_paused: true } }),
      ]);
      assert.deepEqual([status, read.status, write.status], [201, 200, 403]);
    } finally {
      await people.close();
    }
  });

  it("gives any token where nobody is asked for a login", async () => {
    const open = await openDashboard();
    try {
      for (const body of [undefined, { username: "a", password: "b" }]) {
        const method = body === undefined ? "GET" : "POST";
        const answer = await open.ask("/auth/token", { method, body });
        assert.equal(answer.status, 201);
        const headers = { authorization: `Bearer ${answer.body.access_token}` };
        assert.equal((await open.ask("/api/v2/dags", { headers })).status, 200);
      }
    } finally {
      await open.close();
    }
  });

  it("gives no token for nothing", async () => assert.equal((await scene.ask("/auth/token")).status, 403));
});
