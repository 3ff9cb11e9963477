import assert from "node:assert/strict";
import { contentHash } from "#core/hash.ts";
import { startRedis } from "../../support/redis.ts";
import { seededDashboard } from "../../support/seeded-dashboard.ts";
import { until } from "../../support/until.ts";
import { essence, type OpenDashboard, openDashboard } from "./open-dashboard.ts";

describe("dashboard: what the scheduler knows", () => {
  let dashboard: OpenDashboard;
  beforeEach(async () => {
    dashboard = await seededDashboard();
  });
  afterEach(() => dashboard.close());

  const read = async (path: string) => (await dashboard.ask(`/api/v1/${path}`)).body;
  const send = (method: string, path: string, body?: unknown) => dashboard.ask(`/api/v1/${path}`, { method, body });

  describe("DAGs", () => {
    it("are found by tag, owner, text, pause and file, in both orders", async () => {
      await dashboard.publish({ id: "other", tags: ["hourly"], tasks: [{ id: "a", operator: "empty" }] });
      await dashboard.state.dags.setPaused("other", true);
      const ids = async (query: string) => (await read(`dags?${query}`)).dags.map(({ id }: { id: string }) => id);
      const TABLE: [string, string[]][] = [
        ["", ["other", "sample"]],
        ["order=-id", ["sample", "other"]],
        ["order=publishedAt", ["other", "sample"]],
        ["tag=daily,weekly", ["sample"]],
        ["owner=team-sales", ["sample"]],
        ["paused=true", ["other"]],
        ["paused=false", ["sample"]],
        ["q=SAMP", ["sample"]],
        ["stale=true", []],
        ["removed=true", ["gone", "other", "sample"]],
      ];
      for (const [query, expected] of TABLE) assert.deepEqual(await ids(query), expected, query);
    });

    it("have versions, a source, and pods that can be looked at beforehand", async () => {
      const { versions } = await read("dags/sample/versions");
      assert.equal(versions.length, 2);
      const [now, before] = versions.map(({ version }: { version: string }) => version);
      assert.equal((await read(`dags/sample/versions/${before}`)).spec.tasks.length, 2);
      assert.deepEqual(await read("dags/sample/source"), { version: now, file: "sample.ts", source: "export default 1;\n" });
      assert.deepEqual(essence(await dashboard.ask(`/api/v1/dags/sample/source?version=${before}`)), [404, "WL_VERSION_UNKNOWN"]);

      const { pods, caveats } = await read("dags/sample/render?taskId=load");
      assert.deepEqual([pods.length, pods[0].manifest.metadata.namespace, caveats], [1, "pipelines", []]);
      assert.match(pods[0].yaml, /image: busybox # task/);
      assert.deepEqual(essence(await dashboard.ask("/api/v1/dags/sample/render?taskId=first")), [404, "WL_TASK_UNKNOWN"]);

      const changed = await dashboard.publish({
        id: "sample",
        tasks: [{ id: "load", operator: "pod", pod: { image: "busybox:2" } }],
      });
      const plan = await read(`dags/sample/plan?from=${now}`);
      assert.deepEqual([plan.from, plan.version], [now, contentHash(changed)]);
      assert.deepEqual(
        plan.tasks[0].differences.filter(({ path }: { path: string }) => path === "spec.containers[main].image"),
        [{ path: "spec.containers[main].image", before: "busybox", after: "busybox:2", layer: "task" }],
      );
    });

    it("whose file is there keep their history, the others may lose it", async () => {
      assert.deepEqual(essence(await send("DELETE", "dags/sample")), [409, "WL_HISTORY_KEPT"]);
      assert.deepEqual(essence(await send("DELETE", "dags/nope")), [404, "WL_DAG_UNKNOWN"]);
      assert.equal((await send("DELETE", "dags/gone")).status, 202);
      assert.deepEqual(await dashboard.state.dags.forgetting(), ["gone"]);
      // A file that comes back has its history back.
      await dashboard.publish({ id: "gone", tasks: [{ id: "a", operator: "empty" }] });
      assert.deepEqual(await dashboard.state.dags.forgetting(), []);
    });
  });

  describe("runs", () => {
    it("are found by state, trigger and time, in both orders, page by page", async () => {
      const base = { dagId: "sample", version: "v", conf: {} };
      for (const n of [1, 2, 3, 4, 5])
        await dashboard.state.runs.createRun({
          ...base,
          id: `sample~s${n}`,
          trigger: { kind: "schedule" },
          createdAt: 1_000 * n,
        });
      const all = async (query: string): Promise<string[]> => {
        const ids: string[] = [];
        for (let path: string | undefined = `/api/v1/runs?limit=2&${query}`; path !== undefined; ) {
          const { body } = await dashboard.ask(path);
          ids.push(...body.runs.map(({ id }: { id: string }) => id.slice("sample~".length)));
          path = body.links.next;
        }
        return ids;
      };
      const at = (ms: number) => new Date(ms).toISOString();
      const TABLE: [string, string[]][] = [
        ["", ["1", "s5", "s4", "s3", "s2", "s1"]],
        ["order=createdAt", ["s1", "s2", "s3", "s4", "s5", "1"]],
        ["state=running", ["1"]],
        ["state=queued,running&order=createdAt", ["s1", "s2", "s3", "s4", "s5", "1"]],
        ["state=failed,queued", ["s5", "s4", "s3", "s2", "s1"]],
        ["state=success", []],
        ["trigger=manual,api", ["1"]],
        [`createdAfter=${at(2_000)}&createdBefore=${at(4_000)}`, ["s4", "s3", "s2"]],
        [`createdAfter=${at(2_000)}&createdBefore=${at(4_000)}&order=createdAt`, ["s2", "s3", "s4"]],
        [`startedAfter=${at(5_000)}`, ["1"]],
        [`endedBefore=${at(5_000)}`, []],
        ["dagId=nope", []],
      ];
      for (const [query, expected] of TABLE) assert.deepEqual(await all(query), expected, query);
    });

    it("go on in a list although the run at its page's end is gone", async () => {
      const base = { dagId: "sample", version: "v", conf: {}, trigger: { kind: "manual" } as const, createdAt: 5_000 };
      for (const n of [1, 2, 3, 4]) await dashboard.state.runs.createRun({ ...base, id: `sample~t${n}` });
      const { runs, links } = await read("runs?limit=3");
      assert.deepEqual(
        runs.map(({ id }: { id: string }) => id),
        ["sample~1", "sample~t4", "sample~t3"],
      );
      await dashboard.redis.redis.del(`${dashboard.redis.prefix}:run:sample~t3`);
      await read("runs");
      const { body } = await dashboard.ask(links.next);
      assert.deepEqual(
        body.runs.map(({ id }: { id: string }) => id),
        ["sample~t2", "sample~t1"],
      );
    });

    it("are cancelled, marked and noted by PATCH", async () => {
      const patch = (body: unknown) => send("PATCH", "runs/sample~1", body);
      const noted = await patch({ note: "look here", state: "failed" });
      assert.deepEqual([noted.status, noted.body.result, noted.body.remark.text], [202, "requested", "look here"]);
      assert.deepEqual(
        [(await patch({ state: "cancelled" })).body.result, (await patch({ state: "cancelled" })).body.result],
        ["requested", "already"],
      );
      assert.deepEqual(essence(await patch({})), [422, "WL_INPUT", "body"]);
      assert.deepEqual(essence(await patch({ state: "failed", taskId: "load" })), [422, "WL_INPUT", "body/taskId"]);
    });

    it("have tasks, results and pods of tries", async () => {
      const { tasks, counts } = await read("runs/sample~1/tasks");
      assert.deepEqual([tasks.map(({ id }: { id: string }) => id), counts], [["first", "load", "ask"], { none: 2, success: 1 }]);
      const ids = async (query: string) => (await read(`runs/sample~1/tasks?${query}`)).tasks.map(({ id }: { id: string }) => id);
      assert.deepEqual(await ids("state=success"), ["load"]);
      assert.deepEqual(await ids("operator=approval,empty&order=-position"), ["ask", "first"]);
      assert.equal((await read("runs/sample~1/tasks/load")).tries.length, 1);
      assert.deepEqual(await read("runs/sample~1/outputs"), { outputs: { load: { rows: 3 } } });

      const pod = await read("runs/sample~1/tasks/load/tries/1/pod");
      assert.deepEqual(pod.manifest.spec.containers[0].args, ["2027-01-15"]);
      assert.deepEqual([pod.pod.node, pod.timeline.reason, pod.caveats], ["node-7", "Completed", []]);
      assert.deepEqual(essence(await dashboard.ask("/api/v1/runs/sample~1/tasks/load/tries/2/pod")), [404, "WL_TRY_UNKNOWN"]);
      assert.deepEqual(essence(await dashboard.ask("/api/v1/runs/sample~1/tasks/ask/tries/1/pod")), [404, "WL_TASK_UNKNOWN"]);
    });
  });

  it("instances of a mapped task are listed behind it, in their order", async () => {
    const { state } = dashboard;
    const spec = await dashboard.publish({
      id: "many",
      tasks: [
        { id: "load", operator: "noop", map: { over: Array.from({ length: 12 }, (_, i) => i) } },
        { id: "end", operator: "empty", upstream: ["load"] },
      ],
    });
    await state.runs.createRun({
      id: "many~1",
      dagId: "many",
      version: contentHash(spec),
      trigger: { kind: "manual" },
      conf: {},
      createdAt: 1,
    });
    const token = (await state.leader.acquireLease("test", 60_000))!;
    const run = (await state.runs.getRun("many~1"))!;
    const task = { state: "none", gen: 0, try: 0, epoch: 0, infra: 0 } as const;
    const changes = [
      { taskId: "load", from: ["none"] as const, task: { ...task, state: "mapped" as const, count: 12 } },
      ...Array.from({ length: 12 }, (_, i) => ({
        taskId: `load@${i}`,
        from: ["none"] as const,
        task: { ...task, state: "queued" as const, gen: 1 },
      })),
    ];
    await state.leader.commit({
      token,
      run: { ...run, rev: 1, state: "running" },
      fromRev: 0,
      changes,
      orders: [],
      history: [],
      at: 2,
    });
    const ids = async (query: string) => (await read(`runs/many~1/tasks?${query}`)).tasks.map(({ id }: { id: string }) => id);
    assert.deepEqual(await ids("limit=4"), ["load", "load@0", "load@1", "load@2"]);
    assert.deepEqual(await ids("instances=false"), ["load", "end"]);
    assert.deepEqual((await ids("instancesOf=load&order=-position")).slice(0, 3), ["load@11", "load@10", "load@9"]);
    assert.equal((await read("runs/many~1/tasks/load@7")).state, "queued");
  });

  it("queues say what they ask of workers, and are paused", async () => {
    const { state } = dashboard;
    await state.queues.note(["gpu"]);
    const own = await read("queues/pods");
    assert.deepEqual([own.demand, own.oldestWaitMs, own.workers], [0, 0, { ids: ["worker-1"], count: 1, slots: 10, held: 1 }]);
    assert.deepEqual(
      (await read("queues")).queues.map(({ name }: { name: string }) => name),
      ["gpu", "pods"],
    );
    assert.equal((await send("PATCH", "queues/pods", { paused: true })).body.paused, true);
    assert.equal((await read("queues/pods")).paused, true);
    assert.equal((await send("PATCH", "queues/pods", { paused: false })).body.paused, false);
    assert.deepEqual(essence(await dashboard.ask("/api/v1/queues/nope")), [404, "WL_QUEUE_UNKNOWN"]);
  });

  it("workers are asked to drain, and only those that are there", async () => {
    const answer = await send("POST", "workers/worker-1/drain");
    assert.deepEqual([answer.status, answer.body], [202, { id: "worker-1", state: "running", held: 1 }]);
    const asked = await dashboard.state.drains.asked("worker-1");
    assert.deepEqual([asked?.by, asked?.startedAt], ["anonymous", 1_800_000_000_000]);
    assert.deepEqual(essence(await send("POST", "workers/worker-2/drain")), [404, "WL_WORKER_UNKNOWN"]);
  });

  it("health says in sentences what is wrong", async () => {
    const ill = await read("health");
    assert.deepEqual(
      [ill.status, ill.workers, ill.problems.length],
      ["degraded", { running: 1, draining: 0, slots: 10, held: 1 }, 2],
    );
    await dashboard.state.leader.acquireLease("scheduler", 60_000);
    await dashboard.state.dags.replaceImportErrors([]);
    const { status, problems } = await read("health");
    assert.deepEqual([status, problems], ["ok", []]);
  });

  it("settings show where they come from, and no secrets", async () => {
    const own = await openDashboard({ WINDLASS_TOKEN: "0123456789abcdef0123", WINDLASS_LOG_LEVEL: "silent" });
    const { body, text } = await own.ask("/api/v1/config", { headers: { authorization: "Bearer 0123456789abcdef0123" } });
    await own.close();
    const of = (name: string) => {
      const { description: _, ...setting } = body.settings.find((one: { name: string }) => one.name === name);
      return setting;
    };
    assert.deepEqual(of("WINDLASS_TOKEN"), { name: "WINDLASS_TOKEN", origin: "env", secret: true });
    assert.deepEqual(of("WINDLASS_HOST"), { name: "WINDLASS_HOST", value: "127.0.0.1", origin: "default", secret: false });
    assert.deepEqual(of("WINDLASS_LOG_LINK"), { name: "WINDLASS_LOG_LINK", origin: "unset", secret: false });
    assert.doesNotMatch(text, /0123456789abcdef0123/);
  });

  it("an approval waits in the list until somebody answers", async () => {
    const { state } = dashboard;
    const token = (await state.leader.acquireLease("test", 60_000))!;
    const run = (await state.runs.getRun("sample~1"))!;
    const task = { state: "queued", gen: 1, try: 0, epoch: 0, infra: 0 } as const;
    await state.leader.commit({
      token,
      run: { ...run, rev: run.rev + 1 },
      fromRev: run.rev,
      changes: [{ taskId: "ask", from: ["none"], task }],
      orders: [],
      history: [],
      at: 2,
    });
    await state.claims.begin({ runId: "sample~1", taskId: "ask", gen: 1, try: 1, epoch: 1, worker: "w", at: 3_000 });
    const { approvals } = await read("approvals");
    assert.deepEqual(approvals, [
      {
        runId: "sample~1",
        dagId: "sample",
        taskId: "ask",
        question: "Go on?",
        options: ["approve", "reject"],
        askedAt: "1970-01-01T00:00:03.000Z",
        links: { run: "/api/v1/runs/sample~1", decide: "/api/v1/runs/sample~1/tasks/ask/approval" },
      },
    ]);
  });

  it("the list of DAGs is shown as it was last known while Redis is away, and says so", async () => {
    const server = await startRedis();
    const own = await openDashboard({ REDIS_URL: server.url });
    try {
      assert.deepEqual((await own.ask("/api/v1/dags")).body, { dags: [], links: {} });
      await server.kill();
      const stale = await own.ask("/api/v1/dags");
      assert.deepEqual(
        [stale.status, stale.body, stale.headers.get("warning")],
        [200, { dags: [], stale: true, links: {} }, '110 - "Response is Stale"'],
      );
      assert.deepEqual(essence(await own.ask("/api/v1/runs")), [503, "WL_REDIS_AWAY"]);
      await server.restart();
      await until(async () => (await own.ask("/api/v1/dags")).body.stale === undefined, { what: "the reconnect" });
    } finally {
      await own.close();
      await server.stop();
    }
  });

  it("the API describes itself: as OpenAPI, as a page, and a page for every problem", async () => {
    const { body } = await dashboard.ask("/api/openapi.json");
    assert.deepEqual([body.openapi, Object.keys(body.paths).length > 50], ["3.1.0", true]);
    const page = await dashboard.ask("/api/docs");
    assert.deepEqual([page.headers.get("content-type"), /<script/.test(page.text)], ["text/html; charset=utf-8", false]);
    for (const path of Object.keys(body.paths)) assert.ok(page.text.includes(`<code>${path}</code>`), path);
    assert.match((await dashboard.ask("/api/docs/errors")).text, /WL_PRECONDITION/);
    assert.equal((await dashboard.ask("/api/docs/docs.css")).status, 200);
  });
});
