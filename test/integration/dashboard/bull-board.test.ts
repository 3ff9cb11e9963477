import assert from "node:assert/strict";
import { appRoutes } from "@bull-board/api/dist/routes.js";
import { contentHash } from "#core/hash.ts";
import { jobId } from "#core/ids.ts";
import { includesRole, ROLES, type Role } from "#core/rights.ts";
import type { RunHeader, TaskState } from "#core/run.ts";
import { openTaskQueue, type TaskQueue } from "#queue/task-queue.ts";
import { openTaskWorker } from "#queue/task-worker.ts";
import { keysOf } from "#state/keys.ts";
import { formatTaskRecord } from "#state/task-record.ts";
import { until } from "../../support/until.ts";
import { tokenOf } from "../login/login-support.ts";
import { essence, type OpenDashboard, openDashboard } from "./open-dashboard.ts";

const RUN: RunHeader = { id: "sample~1", dagId: "sample", version: "v", trigger: { kind: "api" }, conf: {}, createdAt: 1 };
const JOB = jobId("sample~1", "load", 1);
const BOARD = "/queues/api/queues";

describe("dashboard: Bull Board", () => {
  let dashboard: OpenDashboard;
  let queue: TaskQueue;

  const open = async (env: Record<string, string> = {}) => {
    dashboard = await openDashboard(env);
    queue = openTaskQueue({ connection: dashboard.redis.redis, prefix: dashboard.redis.prefix });
    await queue.add([
      {
        jobId: JOB,
        data: { dag: "sample", run: "sample~1", task: "load", gen: 1, version: "v", tryBase: 1 },
        attempts: 3,
        retry: { retries: 2, delayMs: 1, backoff: "fixed", maxDelayMs: 1, jitter: 0 },
      },
    ]);
  };
  afterEach(async () => {
    await queue.close();
    await dashboard.close();
  });

  /** Every write the real adapter knows, with its placeholders filled in. */
  const writes = appRoutes.api.flatMap(({ method, route }) =>
    [method]
      .flat()
      .filter(verb => verb !== "get")
      .flatMap(verb =>
        [route].flat().map(pattern => {
          const path = pattern
            .replace("/api/queues", BOARD)
            .replace(":queueName", "pods")
            .replace(":jobId", encodeURIComponent(JOB))
            .replace(":queueStatus", "failed")
            .replace(":schedulerId", "s");
          return { verb: verb.toUpperCase(), pattern, path };
        }),
      ),
  );
  const send = (verb: string, path: string) => dashboard.ask(path, { method: verb, body: {} });

  it("shows the page and the job: its task, run and try, and a link to our run page", async () => {
    await open();
    assert.match((await dashboard.ask("/queues")).text, /<base href="\/queues\/"/);
    const { body } = await dashboard.ask(`${BOARD}?activeQueue=pods&status=prioritized`);
    const [job] = body.queues[0].jobs;
    assert.deepEqual([job.name, job.externalUrl?.href ?? job.externalUrl], ["sample.load [sample~1 2/4]", "/runs/sample~1"]);
  });

  it("shows a queue as soon as it was used", async () => {
    await open();
    const names = async () => (await dashboard.ask(BOARD)).body.queues.map((shown: { name: string }) => shown.name);
    assert.deepEqual(await names(), ["pods", "notices"]);
    await dashboard.state.queues.note(["gpu", "pods"]);
    assert.deepEqual((await names()).toSorted(), ["gpu", "notices", "pods"]);
  });

  it("names the try that ended once the job has ended", async () => {
    await open();
    const worker = openTaskWorker({
      connection: dashboard.redis.open(),
      prefix: dashboard.redis.prefix,
      workerName: "w-1",
      concurrency: 1,
      handle: async job => (job.try < 3 ? { type: "retry", message: "again" } : { type: "done" }),
    });
    await worker.run();
    await until(async () => (await queue.counts()).completed === 1, { what: "the job's end" });
    await worker.close();
    const { body } = await dashboard.ask(`${BOARD}?activeQueue=pods&status=completed`);
    assert.deepEqual([body.queues[0].jobs[0].name, body.queues[0].jobs[0].processedBy], ["sample.load [sample~1 3/4]", "w-1"]);
  });

  it("serves its own files, none from elsewhere", async () => {
    await open();
    const page = (await dashboard.ask("/queues")).text;
    assert.doesNotMatch(page, /(src|href)="(https?:)?\/\//);
    const files = [...page.matchAll(/(?:src|href)="(static[^"]+)"/g)].map(match => match[1]);
    assert.ok(files.length > 3);
    for (const file of files) assert.equal((await dashboard.ask(`/queues/${file}`)).status, 200, file);
  });

  it("refuses every write when it is read-only for everybody", async () => {
    await open({ WINDLASS_BOARD_WRITE: "false" });
    assert.ok(writes.length > 20, "the adapter's route list was not found");
    for (const { verb, path } of writes) {
      const answer = await send(verb, path);
      assert.deepEqual([answer.status, answer.body.code], [403, "WL_BOARD_WRITE"], `${verb} ${path}`);
    }
  });

  it("refuses for good what makes, changes or destroys jobs, also when it is writable", async () => {
    await open({ WINDLASS_BOARD_WRITE: "true" });
    const refused: string[] = [];
    for (const { verb, pattern, path } of writes) {
      const answer = await send(verb, path);
      if (answer.body?.code === "WL_BOARD_WRITE") refused.push(`${verb} ${pattern}`);
    }
    assert.deepEqual(refused.sort(), [
      "PATCH /api/queues/:queueName/:jobId/priority",
      "PATCH /api/queues/:queueName/:jobId/update-data",
      "PATCH /api/queues/:queueName/job-schedulers/:schedulerId",
      "POST /api/queues/:queueName/add",
      "PUT /api/queues/:queueName/:jobId/remove-unprocessed-children",
      "PUT /api/queues/:queueName/concurrency",
      "PUT /api/queues/:queueName/empty",
      "PUT /api/queues/:queueName/job-schedulers/:schedulerId/remove",
      "PUT /api/queues/:queueName/job-schedulers/:schedulerId/run",
      "PUT /api/queues/:queueName/obliterate",
      "PUT /api/queues/:queueName/rate-limit",
      "PUT /api/queues/:queueName/rate-limit/release",
    ]);
  });

  it("cannot be talked round by spelling", async () => {
    await open({ WINDLASS_BOARD_WRITE: "true" });
    const before = await queue.counts();
    const table: [string, string][] = [
      ["POST", "/QUEUES/API/QUEUES/pods/ADD"],
      ["POST", `${BOARD}/pods/add/`],
      ["POST", `${BOARD}/pods/%61dd`],
      ["POST", `${BOARD}//pods/add`],
      ["POST", "/queues/./api/queues/pods/add"],
      ["PUT", `${BOARD}/pods/Obliterate`],
      ["PATCH", `${BOARD}/pods/job-schedulers/delay`],
      ["DELETE", `${BOARD}/pods`],
    ];
    for (const [verb, path] of table) {
      const answer = await send(verb, path);
      assert.deepEqual([answer.status, answer.body?.code], [403, "WL_BOARD_WRITE"], `${verb} ${path}`);
    }
    assert.deepEqual(await queue.counts(), before);
  });

  it("lets people pause, resume and clean when it is writable", async () => {
    await open({ WINDLASS_BOARD_WRITE: "true" });
    assert.equal((await send("PUT", `${BOARD}/pods/pause`)).status, 200);
    assert.equal(await queue.bull.isPaused(), true);
    assert.equal((await send("PUT", `${BOARD}/pods/resume`)).status, 200);
    assert.equal(await queue.bull.isPaused(), false);
    assert.equal((await send("PUT", `${BOARD}/pods/${encodeURIComponent(JOB)}/clean`)).status, 204);
    assert.deepEqual([...(await queue.states([JOB])).values()], ["missing"]);
  });

  const authorization = `Basic ${Buffer.from("ann:correct horse").toString("base64")}`;
  const LOGIN = { WINDLASS_USER: "ann", WINDLASS_PASSWORD: "correct horse" };
  const audited = async (count: number) => {
    await until(async () => (await dashboard.state.audit.list({ limit: 100 })).entries.length >= count, { what: "the audit" });
    return (await dashboard.state.audit.list({ limit: 100 })).entries;
  };

  const AUDITED: readonly [verb: string, path: string, what: string, inRun: boolean][] = [
    ["PUT", `pods/${encodeURIComponent(JOB)}/clean`, "board.clean", true],
    ["PUT", `pods/${encodeURIComponent(JOB)}/retry`, "board.retry", false],
    ["PUT", "pods/retry/failed", "board.retry", false],
    ["PUT", "pods/pause", "board.pause", false],
    ["POST", "pods/add", "board.refused", false],
    ["PATCH", `pods/${encodeURIComponent(JOB)}/update-data`, "board.refused", false],
  ];
  for (const [verb, path, what, inRun] of AUDITED) {
    it(`writes down who asked for ${verb} ${path}`, async () => {
      await open(LOGIN);
      await dashboard.state.runs.createRun(RUN);
      const answer = await dashboard.ask(`${BOARD}/${path}`, { method: verb, body: {}, headers: { authorization } });
      const [entry] = await audited(1);
      assert.partialDeepStrictEqual(entry, { what, who: "ann", target: `${BOARD}/${path}`, status: answer.status });
      const lines = (await dashboard.state.runs.history(RUN.id)).slice(1).map(({ at: _, ...line }) => line);
      assert.deepEqual(lines, inRun ? [{ type: what, by: "ann", taskId: "load", jobId: JOB }] : []);
    });
  }

  describe("moves tasks by asking the leader, not BullMQ", () => {
    /** A run whose only task is in the state; its job is the one that `open` adds. */
    const openWith = async (state: TaskState, gen = 1) => {
      await open(LOGIN);
      const spec = await dashboard.publish({ id: "sample", tasks: [{ id: "load", operator: "noop" }] });
      await dashboard.state.runs.createRun({ ...RUN, version: contentHash(spec) });
      const { redis, prefix } = dashboard.redis;
      const task = { state, gen, try: 1, infra: 0, epoch: 1 };
      await redis.hset(keysOf(prefix).tasks(RUN.id), "load", formatTaskRecord(task));
    };
    const put = (path: string) => dashboard.ask(`${BOARD}/${path}`, { method: "PUT", body: {}, headers: { authorization } });
    const asked = async () =>
      [...((await dashboard.state.leader.loadRuns([RUN.id]))[0]?.acts?.values() ?? [])].map(({ by, act }) => ({ by, act }));
    const one = `pods/${encodeURIComponent(JOB)}`;

    const MOVED: readonly [state: TaskState, path: string, act: object][] = [
      ["failed", `${one}/retry`, { type: "clear", tasks: ["load"] }],
      ["success", `${one}/retry`, { type: "clear", tasks: ["load"] }],
      ["failed", "pods/retry/prioritized", { type: "clear", tasks: ["load"] }],
      ["up_for_retry", `${one}/promote`, { type: "retryNow", tasks: ["load"] }],
      ["deferred", `${one}/promote`, { type: "retryNow", tasks: ["load"] }],
    ];
    for (const [state, path, act] of MOVED) {
      it(`${path} of a task that is ${state}`, async () => {
        await openWith(state);
        const before = await queue.states([JOB]);
        assert.ok([200, 204].includes((await put(path)).status));
        assert.deepEqual(await asked(), [{ by: "ann", act }]);
        assert.deepEqual(await queue.states([JOB]), before, "BullMQ has done nothing");
      });
    }

    for (const [state, gen, verb] of [
      ["running", 1, "retry"],
      ["up_for_retry", 1, "retry"],
      ["failed", 2, "retry"],
      ["failed", 1, "promote"],
      ["up_for_retry", 2, "promote"],
    ] as const) {
      it(`leaves alone a job that is asked to ${verb} while its task is ${state} in generation ${gen}`, async () => {
        await openWith(state, gen);
        assert.deepEqual(essence(await put(`${one}/${verb}`)), [409, "WL_TASK_STATE"]);
        assert.deepEqual(await asked(), []);
      });
    }
  });

  it("gives each role what is its own", async () => {
    await open({ WINDLASS_TOKEN: "the-installations-token" });
    const table: [path: string, Role][] = [
      ["pods/pause", "operator"],
      ["pods/resume", "operator"],
      ["pods/promote", "operator"],
      ["pods/retry/failed", "operator"],
      [`pods/${encodeURIComponent(JOB)}/clean`, "admin"],
      ["pods/clean/completed", "admin"],
    ];
    for (const held of ROLES) {
      const headers = await tokenOf(dashboard, [{ role: held }]);
      for (const [path, needed] of table) {
        const { status } = await dashboard.ask(`${BOARD}/${path}`, { method: "PUT", body: {}, headers });
        assert.equal(status === 403, !includesRole(held, needed), `${held} ${path}: ${status}`);
      }
    }
  });
});
