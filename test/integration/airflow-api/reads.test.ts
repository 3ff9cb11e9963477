import assert from "node:assert/strict";
import { AirflowDag, AirflowDagDetails } from "#contract/airflow/dag.ts";
import { AirflowDagRun } from "#contract/airflow/dag-run.ts";
import { AirflowTaskInstance } from "#contract/airflow/task-instance.ts";
import { contentHash } from "#core/hash.ts";
import { type AirflowScene, AT, openScene, RUN } from "./airflow-scene.ts";

const OF_RUN = "/dags/etl/dagRuns/manual__a%3Ab";
const OF_LOAD = `${OF_RUN}/taskInstances/load`;

describe("Airflow's API: reading", () => {
  let scene: AirflowScene;
  before(async () => {
    scene = await openScene();
  });
  after(() => scene.close());

  const get = (path: string, headers: Record<string, string> = {}) => scene.call("GET", path, undefined, headers);

  it("names itself and says how it is, also to strangers: Airflow's client asks without its token", async () => {
    const version = await scene.ask("/api/v2/version");
    assert.match(version.body.version, /^3\./);
    assert.match(version.body.git_version, /^windlass /);
    const { body } = await scene.ask("/api/v2/monitor/health");
    assert.deepEqual([body.metadatabase.status, body.scheduler.status, body.triggerer.status], ["healthy", "unhealthy", null]);
  });

  const DAG_LISTS: readonly [query: string, count: number][] = [
    ["", 1],
    ["?tags=nightly&tags=other", 1],
    ["?tags=nightly&tags=other&tags_match_mode=all", 0],
    ["?owners=data", 1],
    ["?paused=true", 0],
    ["?dag_id_pattern=TL", 1],
    ["?dag_id_prefix_pattern=tl", 0],
    ["?has_import_errors=true", 0],
    ["?limit=1&offset=1", 0],
  ];
  for (const [query, count] of DAG_LISTS) {
    it(`lists DAGs${query}`, async () => {
      const { status, body } = await get(`/dags${query}`);
      assert.deepEqual([status, body.dags.length], [200, count]);
    });
  }

  it("shows a DAG, and all of it", async () => {
    assert.deepEqual(AirflowDag.parse((await get("/dags/etl")).body).owners, ["data"]);
    const details = AirflowDagDetails.parse((await get("/dags/etl/details")).body);
    assert.deepEqual(details.params, { day: { value: 1, description: null, schema: { type: "integer" } } });
  });

  it("shows the file of a DAG, as it is or in JSON", async () => {
    assert.equal((await get("/dagSources/etl")).status, 404);
    const { paused: _, ...row } = (await scene.state.dags.getDag("etl"))!;
    await scene.state.dags.publishDag(row, (await scene.state.dags.getSpec(row.version))!, "export default 1;");
    const source = { content: "export default 1;", dag_id: "etl", dag_display_name: "etl", version_number: 1 };
    assert.deepEqual((await get("/dagSources/etl")).body, source);
    assert.deepEqual((await get("/dagSources/etl?version_number=1")).body, source);
    assert.equal((await get("/dagSources/etl?version_number=2")).status, 404);
    assert.equal((await get("/dagSources/etl", { accept: "text/plain" })).text, source.content);
  });

  const RUN_LISTS: readonly [path: string, count: number][] = [
    ["/dags/etl/dagRuns", 1],
    ["/dags/~/dagRuns", 1],
    ["/dags/etl/dagRuns?state=failed&state=queued", 1],
    ["/dags/etl/dagRuns?state=success", 0],
    ["/dags/etl/dagRuns?run_type=scheduled", 1],
    ["/dags/etl/dagRuns?logical_date_gte=2026-01-31T06:00:00Z&logical_date_lt=2026-02-01T00:00:00%2B01:00", 1],
    ["/dags/etl/dagRuns?start_date_gt=2026-02-01T00:00:00Z", 0],
    ["/dags/etl/dagRuns?duration_gte=6", 1],
    ["/dags/etl/dagRuns?order_by=-run_after&run_id_pattern=manual", 1],
  ];
  for (const [path, count] of RUN_LISTS) {
    it(`lists runs: ${path}`, async () => {
      const { status, body } = await get(path);
      assert.deepEqual([status, body.dag_runs.length, body.total_entries], [200, count, count]);
    });
  }

  it("shows a run under the id that its caller gave it", async () => {
    const run = AirflowDagRun.parse((await get(OF_RUN)).body);
    assert.deepEqual([run.dag_run_id, run.state, run.run_type, run.duration], ["manual__a:b", "failed", "scheduled", 6]);
  });

  const TASK_LISTS: readonly [path: string, ids: [string, number][]][] = [
    [
      `${OF_RUN}/taskInstances`,
      [
        ["list", -1],
        ["load", 0],
        ["load", 1],
        ["check", -1],
      ],
    ],
    ["/dags/etl/dagRuns/~/taskInstances?state=failed", [["load", 1]]],
    ["/dags/~/dagRuns/~/taskInstances?task_id=list", [["list", -1]]],
    [
      `${OF_RUN}/taskInstances?state=failed&state=upstream_failed`,
      [
        ["load", 1],
        ["check", -1],
      ],
    ],
    [`${OF_RUN}/taskInstances?order_by=-start_date&limit=1`, [["load", 1]]],
    [`${OF_RUN}/taskInstances?try_number=0`, [["check", -1]]],
    [
      `${OF_LOAD}/listMapped?order_by=-map_index`,
      [
        ["load", 1],
        ["load", 0],
      ],
    ],
  ];
  for (const [path, ids] of TASK_LISTS) {
    it(`lists task instances: ${path}`, async () => {
      const { body } = await get(path);
      const found = body.task_instances.map((one: unknown) => AirflowTaskInstance.parse(one));
      assert.deepEqual(
        found.map((one: AirflowTaskInstance) => [one.task_id, one.map_index]),
        ids,
      );
    });
  }

  it("shows one of a mapped task by its index, and says so", async () => {
    assert.deepEqual(
      [(await get(`${OF_LOAD}/1`)).body.state, (await get(`${OF_RUN}/taskInstances/list`)).body.state],
      ["failed", "success"],
    );
    const { status, body } = await get(OF_LOAD);
    assert.deepEqual([status, body.detail], [404, "Task instance is mapped, add the map_index value to the URL"]);
  });

  it("shows the tries of a task", async () => {
    const { body } = await get(`${OF_LOAD}/tries?map_index=1`);
    const tries = body.task_instances.map((one: { try_number: number; state: string }) => [one.try_number, one.state]);
    assert.deepEqual(
      [tries, body.total_entries],
      [
        [
          [1, "up_for_retry"],
          [2, "failed"],
        ],
        2,
      ],
    );
    assert.equal((await get(`${OF_LOAD}/tries/1?map_index=1`)).body.state, "up_for_retry");
  });

  it("shows results as XComs", async () => {
    const OF_LIST = `${OF_RUN}/taskInstances/list/xcomEntries`;
    assert.deepEqual((await get(`${OF_LIST}/return_value`)).body.value, { rows: 3 });
    assert.deepEqual((await get(`${OF_LIST}/return_value?stringify=true`)).body.value, '{"rows":3}');
    assert.deepEqual((await get(`${OF_LOAD}/xcomEntries/return_value?map_index=1`)).body.value, 8);
    assert.deepEqual((await get(OF_LIST)).body.total_entries, 1);
    assert.equal((await get(`${OF_LIST}/other`)).status, 404);
  });

  it("waits for the end of a run, and gives results", async () => {
    const { text, headers } = await get(`${OF_RUN}/wait?interval=1&result=list&result=load`);
    assert.deepEqual(
      [headers.get("content-type"), JSON.parse(text)],
      ["application/x-ndjson", { state: "failed", results: { list: { rows: 3 }, load: [7, 8] } }],
    );
  });

  describe("logs", () => {
    const OF_LOG = `${OF_RUN}/taskInstances/list/logs`;
    before(async () => {
      const writer = await scene.logs.openWriter({ runId: RUN, taskId: "list", try: 1 });
      writer.write({ ts: "2026-01-31T06:00:01.5Z", text: "hello" });
      writer.write({ text: "ended", by: "windlass" });
      await writer.close();
    });

    const MESSAGES = [
      { timestamp: "2026-01-31T06:00:01.5Z", event: "hello" },
      { event: "ended", logger: "windlass" },
    ];

    it("come as JSON", async () => {
      const { body } = await get(`${OF_LOG}/1?full_content=true`);
      assert.deepEqual(body, { content: MESSAGES, continuation_token: null });
    });

    it("come line by line", async () => {
      const { text, headers } = await get(`${OF_LOG}/1`, { accept: "application/x-ndjson" });
      const lines = text.trimEnd().split("\n");
      assert.deepEqual(
        lines.map(line => JSON.parse(line)),
        MESSAGES,
      );
      assert.equal(headers.get("airflow-continuation-token"), null);
    });

    it("go on where a token says", async () => {
      const { body } = await get(`${OF_LOG}/1?token=0.${"2026-01-31T06:00:01.5Z hello\n".length}`);
      assert.deepEqual(body.content, MESSAGES.slice(1));
      assert.equal((await get(`${OF_LOG}/1?token=forged`)).status, 422);
    });

    it("are empty where nothing was printed, and unknown where there was no try", async () => {
      assert.deepEqual((await get(`${OF_LOAD}/logs/1?map_index=0`)).body, { content: [], continuation_token: null });
      assert.equal((await get(`${OF_LOG}/2`)).status, 404);
    });
  });

  const UNKNOWN = [
    "/dags/nope",
    "/dags/nope/dagRuns",
    "/dags/etl/dagRuns/nope",
    `/dags/etl/dagRuns/${"x".repeat(300)}`,
    `${OF_RUN}/taskInstances/nope`,
    `${OF_LOAD}/7`,
    `${OF_LOAD}/tries/9?map_index=1`,
  ];
  for (const path of UNKNOWN) {
    it(`does not know ${path.slice(0, 60)}`, async () => {
      const { status, body } = await get(path);
      assert.deepEqual([status, typeof body.detail], [404, "string"]);
    });
  }

  const ABSENT: readonly [method: string, path: string][] = [
    ["GET", "/connections"],
    ["GET", "/dags?is_favorite=true"],
    ["GET", "/dags/etl/dagRuns?cursor="],
    ["DELETE", OF_RUN],
    ["PATCH", "/dags/etl/dagRuns"],
    ["POST", "/dags/etl/dagRuns/list"],
    ["POST", `${OF_RUN}/taskInstances/list`],
    ["GET", `${OF_LOAD}/dependencies`],
    ["PATCH", `${OF_LOAD}/dry_run`],
  ];
  for (const [method, path] of ABSENT) {
    it(`says that it has no ${method} ${path}`, async () => {
      const { status, body, headers } = await scene.call(method, path, method === "GET" ? undefined : {});
      assert.deepEqual([status, body.code, typeof body.detail], [501, "WL_AIRFLOW_ABSENT", "string"]);
      assert.match(headers.get("content-type") ?? "", /^application\/problem\+json/);
    });
  }

  it("says what is wrong with a query as FastAPI does", async () => {
    const { status, body } = await get("/dags?limit=many");
    assert.deepEqual([status, body.detail[0].loc, typeof body.detail[0].msg], [422, ["query", "limit"], "string"]);
  });

  it("asks for a login", async () => {
    for (const path of ["/dags", "/nothing"]) {
      const { status, body } = await scene.ask(`/api/v2${path}`);
      assert.deepEqual([status, typeof body.detail], [401, "string"]);
    }
  });

  it("leaves out what the caller may not see", async () => {
    const secret = "wl_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    const other = await scene.publish({ id: "other", tasks: [{ id: "a", operator: "noop" }] });
    const run = {
      id: "other~1",
      dagId: "other",
      version: contentHash(other),
      trigger: { kind: "api" as const },
      conf: {},
      createdAt: AT,
    };
    await scene.state.runs.createRun(run);
    const token = {
      id: "t",
      name: "t",
      by: "ada",
      grants: [{ role: "viewer" as const, dags: { ids: ["other"] } }],
      createdAt: AT,
    };
    await scene.state.tokens.putToken(secret, token);
    const as = (method: string, path: string, body?: unknown) =>
      scene.call(method, path, body, { authorization: `Bearer ${secret}` });
    const ids = async (path: string, list: string): Promise<string[]> =>
      (await as("GET", path)).body[list].map((one: { dag_id: string }) => one.dag_id);

    assert.deepEqual(await ids("/dags", "dags"), ["other"]);
    assert.deepEqual(await ids("/dags/~/dagRuns", "dag_runs"), ["other"]);
    assert.deepEqual(await ids("/dags/~/dagRuns/~/taskInstances", "task_instances"), ["other"]);
    assert.equal((await as("GET", OF_RUN)).status, 404);
    assert.equal((await as("PATCH", "/dags/other", { is_paused: true })).status, 403);
  });
});
