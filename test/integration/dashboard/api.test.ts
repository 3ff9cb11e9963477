import assert from "node:assert/strict";
import { DagDetailReply, DagListReply } from "#contract/dag.ts";
import { ImportErrorListReply } from "#contract/import-error.ts";
import { Problem } from "#contract/problem.ts";
import { CancelReply, RunDetailReply, RunListReply, StartRunReply } from "#contract/run.ts";
import { WorkerListReply } from "#contract/worker.ts";
import { failure } from "#core/failure.ts";
import { FAILURES } from "#core/failure-codes.ts";
import { NOT_STARTED } from "#core/run.ts";
import { renderManifest } from "#kube/plan/render-manifest.ts";
import { essence, type OpenDashboard, openDashboard } from "./open-dashboard.ts";

const SAMPLE = {
  id: "sample",
  schedule: { cron: ["0 5 * * *"] },
  tasks: [
    { id: "first", operator: "empty" as const },
    {
      id: "load",
      operator: "pod" as const,
      upstream: ["first"],
      pod: { image: "busybox", sidecars: [{ name: "proxy", image: "p" }] },
      retry: { retries: 1 },
    },
  ],
};

describe("dashboard: API", () => {
  let dashboard: OpenDashboard;
  beforeEach(async () => {
    dashboard = await openDashboard();
    await dashboard.publish(SAMPLE);
  });
  afterEach(() => dashboard.close());

  const post = (path: string, body?: unknown, headers: Record<string, string> = {}) =>
    dashboard.ask(path, { method: "POST", body, headers });

  describe("DAGs", () => {
    it("lists and shows them", async () => {
      const list = DagListReply.parse((await dashboard.ask("/api/v1/dags")).body);
      assert.deepEqual(
        list.dags.map(dag => [dag.id, dag.paused, dag.taskCount, dag.publishedAt]),
        [["sample", false, 2, "2027-01-15T08:00:00.000Z"]],
      );
      const { body } = await dashboard.ask(list.dags[0]?.links.self ?? "");
      const dag = DagDetailReply.parse(body);
      assert.equal(dag.spec.tasks.length, 2);
      assert.match(dag.nextRunAt ?? "", /T05:00:00\.000Z$/);
    });

    it("pauses and unpauses; a paused DAG has no next run", async () => {
      const patch = (body: unknown) => dashboard.ask("/api/v1/dags/sample", { method: "PATCH", body });
      assert.equal((await patch({ paused: true })).body.paused, true);
      assert.equal((await dashboard.ask("/api/v1/dags/sample")).body.nextRunAt, undefined);
      assert.equal((await patch({ paused: false })).body.paused, false);
    });

    it("tells what is wrong with a request", async () => {
      const table: [string, string, unknown, unknown[]][] = [
        ["GET", "/api/v1/dags/nope", undefined, [404, "WL_DAG_UNKNOWN"]],
        ["GET", "/api/v1/dags/no%20id", undefined, [422, "WL_INPUT", "path/dagId"]],
        ["GET", "/api/v1/dags?x=1", undefined, [422, "WL_INPUT", "query/x"]],
        ["PATCH", "/api/v1/dags/nope", { paused: true }, [404, "WL_DAG_UNKNOWN"]],
        ["PATCH", "/api/v1/dags/sample", { paused: "yes" }, [422, "WL_INPUT", "body/paused"]],
        ["PATCH", "/api/v1/dags/sample", {}, [422, "WL_INPUT", "body/paused"]],
        ["PATCH", "/api/v1/dags/sample", { paused: true, owner: "me" }, [422, "WL_INPUT", "body/owner"]],
        ["PATCH", "/api/v1/dags/sample", [], [422, "WL_INPUT", "body"]],
        ["DELETE", "/api/v1/dags/sample", undefined, [409, "WL_HISTORY_KEPT"]],
        ["PUT", "/api/v1/dags/sample", undefined, [405, "WL_METHOD"]],
        ["GET", "/api/v9/dags", undefined, [404, "WL_NOT_FOUND"]],
        ["GET", "/api/v1/dags/%E0%A4%A", undefined, [422, "WL_INPUT", "path"]],
      ];
      for (const [method, path, body, expected] of table) {
        const answer = await dashboard.ask(path, { method, body });
        assert.deepEqual(essence(answer), expected, `${method} ${path}`);
        assert.equal(answer.headers.get("content-type"), "application/problem+json; charset=utf-8");
        Problem.parse(answer.body);
      }
    });
  });

  describe("starting a run", () => {
    it("answers 201 with Location, and the run is there at once", async () => {
      const answer = await post("/api/v1/dags/sample/runs", { conf: { day: 1 } });
      const started = StartRunReply.parse(answer.body);
      assert.deepEqual([answer.status, answer.headers.get("location"), started.replayed], [201, started.links.self, false]);
      assert.match(started.id, /^sample~manual-\d{8}T\d{6}(_\d+)?Z-[0-9a-f]{6}$/);
      const run = RunDetailReply.parse((await dashboard.ask(started.links.self)).body);
      assert.deepEqual(
        [run.state, run.conf, run.trigger],
        ["queued", { day: 1 }, { kind: "api", by: "anonymous", requestId: answer.headers.get("x-request-id") }],
      );
      assert.deepEqual(
        run.tasks.map(task => [task.id, task.state, task.try, task.maxTries, task.upstream]),
        [
          ["first", "none", 0, 1, []],
          ["load", "none", 0, 2, ["first"]],
        ],
      );
    });

    it("needs no body", async () => {
      assert.equal((await post("/api/v1/dags/sample/runs")).status, 201);
    });

    it("takes the caller's run id, as a part or whole, once", async () => {
      assert.equal((await post("/api/v1/dags/sample/runs", { runId: "day-1" })).body.id, "sample~day-1");
      assert.equal((await post("/api/v1/dags/sample/runs", { runId: "sample~day-2" })).body.id, "sample~day-2");
      const again = await post("/api/v1/dags/sample/runs", { runId: "day-1" });
      assert.deepEqual([essence(again), again.body.links.run], [[409, "WL_RUN_EXISTS"], "/api/v1/runs/sample~day-1"]);
    });

    it("starts one run for one Idempotency-Key", async () => {
      const key = { "idempotency-key": "k-1" };
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => post("/api/v1/dags/sample/runs", { conf: { a: 1, b: 2 } }, key)),
      );
      assert.deepEqual(answers.map(answer => answer.status).sort(), [200, 200, 200, 200, 200, 200, 200, 201]);
      assert.equal(new Set(answers.map(answer => answer.body.id)).size, 1);
      const sameData = await post("/api/v1/dags/sample/runs", { conf: { b: 2, a: 1 } }, key);
      assert.deepEqual([sameData.status, sameData.body.replayed], [200, true]);
      assert.deepEqual(essence(await post("/api/v1/dags/sample/runs", { conf: { a: 2 } }, key)), [
        422,
        "WL_IDEMPOTENCY_BODY",
        "header/idempotency-key",
      ]);
      assert.equal(RunListReply.parse((await dashboard.ask("/api/v1/runs")).body).runs.length, 1);
    });

    it("starts runs of a paused DAG too", async () => {
      await dashboard.state.dags.setPaused("sample", true);
      assert.equal((await post("/api/v1/dags/sample/runs")).status, 201);
    });

    it("tells what is wrong with a request", async () => {
      const deep = (depth: number): unknown => (depth === 0 ? 1 : [deep(depth - 1)]);
      const table: [string, unknown, unknown[]][] = [
        ["nope", {}, [404, "WL_DAG_UNKNOWN"]],
        ["adhoc", {}, [404, "WL_DAG_UNKNOWN"]],
        ["sample", { run_id: "x" }, [422, "WL_INPUT", "body/run_id"]],
        ["sample", { runId: 7 }, [422, "WL_INPUT", "body/runId"]],
        ["sample", { runId: "a/b" }, [422, "WL_INPUT", "body/runId"]],
        ["sample", { runId: "a~b" }, [422, "WL_INPUT", "body/runId"]],
        ["sample", { conf: [1] }, [422, "WL_INPUT", "body/conf"]],
        ["sample", { conf: { deep: deep(100) } }, [422, "WL_INPUT", "body/conf"]],
        ["sample", { conf: 1, runId: 2, "x/y~z": 3 }, [422, "WL_INPUT", "body/runId", "body/conf", "body/x~1y~0z"]],
        ["sample", null, [422, "WL_INPUT", "body"]],
        ["sample", { conf: { big: "x".repeat(1024 * 1024) } }, [413, "WL_BODY_SIZE"]],
      ];
      for (const [dagId, body, expected] of table) {
        assert.deepEqual(essence(await post(`/api/v1/dags/${dagId}/runs`, body)), expected, JSON.stringify(body).slice(0, 80));
      }
      assert.deepEqual(essence(await post("/api/v1/dags/sample/runs", {}, { "idempotency-key": "ü" })), [
        422,
        "WL_INPUT",
        "header/idempotency-key",
      ]);
    });

    describe("with an override", () => {
      let own: OpenDashboard;
      before(async () => {
        own = await openDashboard({ WINDLASS_RUN_OVERRIDES: "image, resources,nodeSelector,env,labels" });
        await own.publish({
          ...SAMPLE,
          tasks: [...SAMPLE.tasks, { id: "report", operator: "pod", pod: { image: "report:1" } }],
        });
      });
      after(() => own.close());
      const start = (override: unknown) => own.ask("/api/v1/dags/sample/runs", { method: "POST", body: { override } });

      it("changes the pods of this run, and of no other", async () => {
        const resources = { limits: { memory: "8Gi" } };
        const answer = await start({ "*": { image: "mirror/all:1", resources }, report: { image: "mirror/report:2" } });
        assert.equal(answer.status, 201);
        const specOf = async (runId: string) => {
          const run = await own.state.runs.getRun(runId);
          return (await own.state.dags.getSpec(run!.version))!;
        };
        const settings = { defaultNamespace: "ns", instance: "i" };
        const mainOf = async (runId: string, task: string) =>
          renderManifest(await specOf(runId), task, settings).manifest.spec.containers[0]!;
        const [load, report] = [await mainOf(answer.body.id, "load"), await mainOf(answer.body.id, "report")];
        assert.deepEqual([load.image, report.image], ["mirror/all:1", "mirror/report:2"]);
        assert.deepEqual([load.resources!.limits, report.resources!.limits], [resources.limits, resources.limits]);
        const other = await own.ask("/api/v1/dags/sample/runs", { method: "POST" });
        assert.equal((await mainOf(other.body.id, "load")).image, "busybox");
        const { provenance } = renderManifest(await specOf(answer.body.id), "load", settings);
        assert.equal(provenance().toJSON()["spec.containers[0].image"], "runOverride");
      });

      it("is refused where the installation does not allow it, or it makes no sense", async () => {
        const table: [unknown, unknown[]][] = [
          [{ load: { hostNetwork: true } }, [403, "WL_RUN_OVERRIDE", "body/override/load/hostNetwork"]],
          [{ "*": { command: ["x"], image: "a" } }, [403, "WL_RUN_OVERRIDE", "body/override/*/command"]],
          [{ first: { image: "a" } }, [422, "WL_INPUT", "body/override/first"]],
          [{ lod: { image: "a" } }, [422, "WL_INPUT", "body/override/lod"]],
          [{ load: { imge: "a" } }, [422, "WL_INPUT", "body/override/load/imge"]],
          [{ load: { env: { A_TOKEN: "x" } } }, [422, "WL_DAG_LITERAL_SECRET", "body/override/load/env/A_TOKEN"]],
          [{ load: { env: { WINDLASS_TRY: "9" } } }, [422, "WL_POD_PROTECTED", "body/override/load/env/WINDLASS_TRY"]],
          [
            { "*": { labels: { "windlass.dev/dag": "x" } } },
            [422, "WL_POD_PROTECTED", "body/override/*/labels/windlass.dev~1dag"],
          ],
        ];
        for (const [override, expected] of table) {
          const found = essence(await start(override));
          assert.deepEqual(found.slice(0, expected.length), expected, JSON.stringify(override));
        }
        const nothing = await post("/api/v1/dags/sample/runs", { override: { load: { image: "a" } } });
        assert.deepEqual(essence(nothing), [403, "WL_RUN_OVERRIDE", "body/override/load/image"]);
        assert.match(nothing.body.detail, /^a run may override nothing, not image$/);
      });
    });

    it("refuses a body that is no JSON, or does not say that it is", async () => {
      const send = async (body: string, type: string) => {
        const response = await fetch(`${dashboard.url}/api/v1/dags/sample/runs`, {
          method: "POST",
          body,
          headers: { "content-type": type },
        });
        const problem = (await response.json()) as { code: string };
        return [response.status, problem.code];
      };
      assert.deepEqual(await send('{"conf":', "application/json"), [400, "WL_BODY_JSON"]);
      assert.deepEqual(await send("conf=1", "application/x-www-form-urlencoded"), [400, "WL_BODY_JSON"]);
      assert.deepEqual(await send("{}", "text/plain"), [400, "WL_BODY_JSON"]);
      assert.deepEqual(await send("{}", "application/json; charset=klingon"), [400, "WL_BODY_JSON"]);
    });
  });

  describe("a pod without a DAG", () => {
    it("becomes a run of a one-task spec", async () => {
      const answer = await post("/api/v1/runs", {
        image: "python:3.11-slim",
        command: ["python", "-c"],
        args: ["print(1)"],
        env: { MODE: "fast", DB_PASSWORD: { secret: "db", key: "password" }, NEXT_TOKEN: { plain: "start" } },
        labels: { foo: "bar" },
        resources: { limits: { memory: "64Mi" } },
        namespace: "jobs",
        name: "hello",
        retries: 2,
        retryDelay: "10s",
        backoff: "exponential",
        timeout: "1h30m",
      });
      assert.equal(answer.status, 201);
      assert.match(answer.body.id, /^adhoc~/);
      const run = await dashboard.state.runs.getRun(answer.body.id);
      const spec = await dashboard.state.dags.getSpec(run?.version ?? "");
      assert.equal(spec?.id, "adhoc");
      assert.deepEqual(spec?.tasks, [
        {
          id: "pod",
          operator: "pod",
          upstream: [],
          triggerRule: "all_success",
          retry: { retries: 2, delayMs: 10_000, backoff: "exponential", maxDelayMs: 86_400_000, jitter: 0 },
          timeoutMs: 5_400_000,
          pod: {
            image: "python:3.11-slim",
            command: ["python", "-c"],
            args: ["print(1)"],
            env: { MODE: "fast", DB_PASSWORD: { secret: "db", key: "password" }, NEXT_TOKEN: "start" },
            labels: { foo: "bar" },
            resources: { limits: { memory: "64Mi" } },
            namespace: "jobs",
            name: "hello",
          },
        },
      ]);
      const shown = RunDetailReply.parse((await dashboard.ask(answer.body.links.self)).body);
      assert.deepEqual([shown.dagId, shown.trigger.kind, shown.tasks.map(task => task.id)], ["adhoc", "adhoc", ["pod"]]);
    });

    it("runs once for one Idempotency-Key", async () => {
      const key = { "idempotency-key": "pod-1" };
      const first = await post("/api/v1/runs", { image: "busybox" }, key);
      const second = await post("/api/v1/runs", { image: "busybox" }, key);
      assert.deepEqual([first.status, second.status, second.body.id], [201, 200, first.body.id]);
      assert.deepEqual(essence(await post("/api/v1/runs", { image: "alpine" }, key)).slice(0, 2), [422, "WL_IDEMPOTENCY_BODY"]);
    });

    it("takes the options of a pod task, and keeps them as the SDK would", async () => {
      const { body, status } = await post("/api/v1/runs", {
        image: "busybox",
        command: ["sh", { plain: "--token=none" }],
        env: { A: "1", B: { secret: "s", key: "k" }, C: { fieldRef: { fieldPath: "metadata.name" } } },
        envFrom: [{ configMapRef: { name: "c" } }],
        mounts: [{ path: "/scratch", source: { emptyDir: {} } }],
        sidecars: [{ name: "side", image: "s" }],
        affinity: { nodeAffinity: {} },
        podOverride: { spec: { containers: [{ name: "main", resources: { limits: { memory: "1Gi" } } }] } },
        podTemplate: { spec: { priorityClassName: "batch" } },
        retries: 1,
        backoff: { type: "exponential", max: "1h", jitter: 0.5 },
        infraRetries: 2,
        retryOn: { exitCodes: [75], codes: ["PodDeleted"] },
        failOn: [64, "OOMKilled"],
        skipOn: [99],
        retryConfigErrors: true,
        timeout: "1h",
        schedulingTimeout: "5m",
        startTimeout: 0,
        memoryGrowth: 1.5,
        logs: ["main"],
        result: { type: "object", properties: { rows: { type: "integer" } }, required: ["rows"] },
        onFinish: "keep",
        keepFor: "2h",
        onKill: "keep",
      });
      assert.equal(status, 201);
      const run = await dashboard.state.runs.getRun(body.id);
      const [task] = (await dashboard.state.dags.getSpec(run!.version))!.tasks;
      assert.ok(task?.operator === "pod");
      assert.deepEqual(task.pod.command, ["sh", "--token=none"]);
      assert.deepEqual(task.pod.env, { A: "1", B: { secret: "s", key: "k" }, C: { fieldRef: { fieldPath: "metadata.name" } } });
      assert.deepEqual(task.pod.sidecars, [{ name: "side", image: "s" }]);
      assert.deepEqual(task.pod.podTemplate, { spec: { priorityClassName: "batch" } });
      assert.deepEqual(task.retry, {
        retries: 1,
        delayMs: 300_000,
        backoff: "exponential",
        maxDelayMs: 3_600_000,
        jitter: 0.5,
        infraRetries: 2,
        retryOn: { exitCodes: [75], codes: ["PodDeleted"] },
        failOn: [64, "OOMKilled"],
        skipOn: [99],
        retryConfigErrors: true,
      });
      const { timeoutMs, schedulingTimeoutMs, startTimeoutMs, keepForMs, memoryGrowth, logs, onFinish, onKill, result } = task;
      assert.deepEqual(
        { timeoutMs, schedulingTimeoutMs, startTimeoutMs, keepForMs, memoryGrowth, logs, onFinish, onKill },
        {
          timeoutMs: 3_600_000,
          schedulingTimeoutMs: 300_000,
          startTimeoutMs: 0,
          keepForMs: 7_200_000,
          memoryGrowth: { factor: 1.5 },
          logs: ["main"],
          onFinish: "keep",
          onKill: "keep",
        },
      );
      assert.deepEqual(result, { type: "object", properties: { rows: { type: "integer" } }, required: ["rows"] });
    });

    it("tells what is wrong with a request, and keeps secrets out", async () => {
      const table: [unknown, unknown[]][] = [
        [{}, [422, "WL_INPUT", "body/image"]],
        [{ image: "" }, [422, "WL_INPUT", "body/image"]],
        [{ image: "a", cmd: ["x"] }, [422, "WL_INPUT", "body/cmd"]],
        [{ image: "a", command: "x" }, [422, "WL_INPUT", "body/command"]],
        [{ image: "a", env: { N: 1 } }, [422, "WL_INPUT", "body/env/N"]],
        [{ image: "a", env: { "N M": "1" } }, [422, "WL_INPUT", "body/env/N%20M"]],
        [{ image: "a", result: { type: "objekt" } }, [422, "WL_INPUT", "body/result"]],
        [{ image: "a", retryOn: { exitCode: [1] } }, [422, "WL_INPUT", "body/retryOn/exitCode"]],
        [{ image: "a", runOverride: {} }, [422, "WL_INPUT", "body/runOverride"]],
        [{ image: "a", retryDelay: "soon" }, [422, "WL_INPUT", "body/retryDelay"]],
        [{ image: "a", retries: -1, namespace: "Upper" }, [422, "WL_INPUT", "body/namespace", "body/retries"]],
        [{ image: "a", env: { DB_PASSWORD: "hunter2" } }, [422, "WL_DAG_LITERAL_SECRET", "body/env/DB_PASSWORD"]],
        [{ image: "a", args: ["--password=hunter2"] }, [422, "WL_DAG_LITERAL_SECRET", "body/args/0"]],
        [{ image: "a", tolerations: [{ operator: "Exist" }] }, [422, "WL_INPUT", "body/tolerations/0/operator"]],
        [{ image: "a", volumes: [{ name: "v", emtyDir: {} }] }, [422, "WL_INPUT", "body/volumes/0"]],
        [{ image: "a", podOverride: { spec: { nodName: "n" } } }, [422, "WL_INPUT", "body/podOverride/spec"]],
        [{ image: "a", labels: { "windlass.dev/dag": "x" } }, [422, "WL_POD_PROTECTED", "body/labels/windlass.dev~1dag"]],
        [{ image: "a", podOverride: { spec: { nodeName: "n" } } }, [422, "WL_POD_PROTECTED", "body/podOverride/spec/nodeName"]],
        [{ image: "a", podOverride: { spec: { hostPID: true } } }, [422, "WL_POD_PROTECTED", "body/podOverride/spec/hostPID"]],
      ];
      for (const [body, expected] of table)
        assert.deepEqual(essence(await post("/api/v1/runs", body)), expected, JSON.stringify(body));
      assert.deepEqual((await dashboard.ask("/api/v1/runs")).body.runs, []);
      const refused = await post("/api/v1/runs", { image: "a", env: { DB_PASSWORD: "hunter2" } });
      assert.doesNotMatch(refused.text, /hunter2/);
    });
  });

  describe("reading runs", () => {
    it("pages through them newest first, by DAG and state", async () => {
      for (const n of [1, 2, 3, 4, 5]) {
        await dashboard.state.runs.createRun({
          id: `sample~${n}`,
          dagId: "sample",
          version: "v",
          trigger: { kind: "manual" },
          conf: {},
          createdAt: 1_000 * n,
        });
      }
      await dashboard.state.runs.createRun({
        id: "other~1",
        dagId: "other",
        version: "v",
        trigger: { kind: "manual" },
        conf: {},
        createdAt: 9_000,
      });
      const ids: string[][] = [];
      for (let next: string | undefined = "/api/v1/runs?dagId=sample&limit=2"; next !== undefined; ) {
        const page: RunListReply = RunListReply.parse((await dashboard.ask(next)).body);
        ids.push(page.runs.map(run => run.id));
        next = page.links.next;
      }
      assert.deepEqual(ids, [["sample~5", "sample~4"], ["sample~3", "sample~2"], ["sample~1"]]);
      assert.equal((await dashboard.ask("/api/v1/runs?state=queued")).body.runs.length, 6);
      assert.equal((await dashboard.ask("/api/v1/runs?state=failed")).body.runs.length, 0);
      assert.deepEqual(essence(await dashboard.ask("/api/v1/runs?limit=0&state=odd&page=2")), [
        422,
        "WL_INPUT",
        "query/state/0",
        "query/limit",
        "query/page",
      ]);
    });

    it("shows a task's tries, outcome, pod, note and where its logs are", async () => {
      const { body: started } = await post("/api/v1/dags/sample/runs", { runId: "r" });
      const runId: string = started.id;
      const run = await dashboard.state.runs.getRun(runId);
      assert.ok(run);
      const token = await dashboard.state.leader.acquireLease("test", 10_000);
      assert.ok(token);
      const queued = { ...NOT_STARTED, state: "queued" as const, gen: 1, queuedAt: 5 };
      const committed = await dashboard.state.leader.commit({
        token,
        run: { ...run, rev: 1, state: "running", startedAt: 5, tasks: new Map([["load", queued]]) },
        fromRev: 0,
        changes: [{ taskId: "load", from: ["none"], task: queued }],
        orders: [],
        history: [],
        at: 5,
      });
      assert.equal(committed.result, "committed");
      const claim = { runId, taskId: "load", gen: 1, try: 1, epoch: 1 };
      const { answer, task } = await dashboard.state.claims.begin({ ...claim, worker: "w-1", at: 10 });
      assert.equal(answer, "ok");
      assert.ok(task);
      await dashboard.state.claims.note({ ...claim, note: JSON.stringify({ phase: "running" }) });

      const pod = { namespace: "jobs", name: "sample-load-1-abc", uid: "u", node: "n1" };
      const during = RunDetailReply.parse((await dashboard.ask(`/api/v1/runs/${runId}`)).body).tasks[1];
      assert.deepEqual(
        [during?.state, during?.worker, during?.startedAt, during?.note],
        ["running", "w-1", "1970-01-01T00:00:00.010Z", { phase: "running" }],
      );

      const outcome = failure("ExitCode", { exitCode: 3, container: "main" });
      await dashboard.state.claims.finish({
        ...claim,
        next: { ...task, state: "up_for_retry", endedAt: 20, retryAt: 30, pod, outcome },
        record: { try: 1, infra: 0, state: "up_for_retry", startedAt: 10, endedAt: 20, worker: "w-1", pod, outcome },
        at: 20,
      });
      const after = RunDetailReply.parse((await dashboard.ask(`/api/v1/runs/${runId}`)).body).tasks[1];
      const shown = { ...outcome, advice: FAILURES.ExitCode.advice };
      assert.deepEqual([after?.state, after?.outcome, after?.retryAt], ["up_for_retry", shown, "1970-01-01T00:00:00.030Z"]);
      assert.deepEqual(after?.tries, [
        {
          try: 1,
          infra: 0,
          state: "up_for_retry",
          startedAt: "1970-01-01T00:00:00.010Z",
          endedAt: "1970-01-01T00:00:00.020Z",
          worker: "w-1",
          pod,
          outcome: shown,
          links: {
            logs: "/api/v1/runs/sample~r/tasks/load/logs?try=1&infra=0",
            containers: {
              proxy: "/api/v1/runs/sample~r/tasks/load/logs?try=1&infra=0&container=proxy",
              main: "/api/v1/runs/sample~r/tasks/load/logs?try=1&infra=0&container=main",
            },
            merged: "/api/v1/runs/sample~r/tasks/load/logs?try=1&infra=0&container=*",
          },
        },
      ]);
      assert.deepEqual(after?.links, {
        logs: "/api/v1/runs/sample~r/tasks/load/logs",
        containers: {
          proxy: "/api/v1/runs/sample~r/tasks/load/logs?container=proxy",
          main: "/api/v1/runs/sample~r/tasks/load/logs?container=main",
        },
        merged: "/api/v1/runs/sample~r/tasks/load/logs?container=*",
        kept: "/api/v1/runs/sample~r/tasks/load/logs/containers",
      });
      assert.deepEqual((await dashboard.ask(after!.links.kept)).body, { logs: [] });
    });

    it("cancels: 202, harmless when repeated", async () => {
      await post("/api/v1/dags/sample/runs", { runId: "c" });
      const cancel = () => post("/api/v1/runs/sample~c/cancel");
      const [first, second] = [await cancel(), await cancel()];
      assert.deepEqual([first.status, CancelReply.parse(first.body).result], [202, "requested"]);
      assert.deepEqual([second.status, CancelReply.parse(second.body).result], [202, "already"]);
      assert.match((await dashboard.ask("/api/v1/runs/sample~c")).body.cancelAt, /Z$/);
    });

    it("knows no run that is not there", async () => {
      assert.deepEqual(essence(await dashboard.ask("/api/v1/runs/sample~x")), [404, "WL_RUN_UNKNOWN"]);
      assert.deepEqual(essence(await post("/api/v1/runs/sample~x/cancel")), [404, "WL_RUN_UNKNOWN"]);
      assert.deepEqual(essence(await post("/api/v1/runs/sample~x/cancel", { now: true })), [422, "WL_INPUT", "body/now"]);
    });
  });

  it("lists import errors with the next step, and workers", async () => {
    await dashboard.state.dags.replaceImportErrors([
      { file: "bad.ts", line: 3, code: "WL_DAG_CYCLE", message: "a → b → a", at: 0 },
    ]);
    await dashboard.state.claims.heartbeat(
      { id: "w-1", host: "h", startedAt: 0, at: 1_000, concurrency: 500, held: 3, state: "running" },
      60_000,
    );
    const { importErrors } = ImportErrorListReply.parse((await dashboard.ask("/api/v1/import-errors")).body);
    assert.deepEqual(importErrors, [
      {
        file: "bad.ts",
        line: 3,
        code: "WL_DAG_CYCLE",
        message: "a → b → a",
        next: "Remove one of the edges on the path so that the tasks form no circle.",
        at: "1970-01-01T00:00:00.000Z",
      },
    ]);
    const { workers } = WorkerListReply.parse((await dashboard.ask("/api/v1/workers")).body);
    assert.deepEqual(workers, [
      {
        id: "w-1",
        host: "h",
        state: "running",
        concurrency: 500,
        held: 3,
        queues: [{ name: "pods", concurrency: 500, held: 3 }],
        startedAt: "1970-01-01T00:00:00.000Z",
        heartbeatAt: "1970-01-01T00:00:01.000Z",
      },
    ]);
  });

  it("hands the request id through, and replaces one that is none", async () => {
    const given = await dashboard.ask("/api/v1/nope", { headers: { "x-request-id": "trace-1" } });
    assert.deepEqual([given.headers.get("x-request-id"), given.body.requestId], ["trace-1", "trace-1"]);
    const bad = await dashboard.ask("/api/v1/dags", { headers: { "x-request-id": "a b<script>" } });
    assert.match(bad.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
  });

  it("explains each problem's type", async () => {
    const { body } = await dashboard.ask("/api/v1/dags/nope");
    const { status, text } = await dashboard.ask(body.type);
    assert.deepEqual([status, /<h1><code>WL_DAG_UNKNOWN<\/code><\/h1>/.test(text)], [200, true]);
    assert.deepEqual(essence(await dashboard.ask("/api/docs/errors/constructor")), [404, "WL_NOT_FOUND"]);
  });

  it("answers probes", async () => {
    assert.equal((await dashboard.ask("/livez")).text, "ok\n");
    assert.equal((await dashboard.ask("/readyz?verbose")).text, "[+] redis ok\nok\n");
    assert.equal((await dashboard.ask("/version")).body.name, "windlass");
    await dashboard.ask("/api/v1/dags/sample");
    assert.match(
      (await dashboard.ask("/metrics")).text,
      /^windlass_http_request_seconds_count(?=.*method="GET")(?=.*route="\/api\/v1\/dags\/:dagId")(?=.*status="200").* 1$/m,
    );
  });
});
