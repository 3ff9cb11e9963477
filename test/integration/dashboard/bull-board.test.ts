import assert from "node:assert/strict";
import { appRoutes } from "@bull-board/api/dist/routes.js";
import { jobId } from "#core/ids.ts";
import type { RunHeader } from "#core/run.ts";
import { openTaskQueue, type TaskQueue } from "#queue/task-queue.ts";
import { openTaskWorker } from "#queue/task-worker.ts";
import { until } from "../../support/until.ts";
import { type OpenDashboard, openDashboard } from "./open-dashboard.ts";

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
    const files = [...page.matchAll(/(?:src|href)="(static[^"]+)"/g)].map(match => match[1]);
    assert.ok(files.length > 3);
    for (const file of files) assert.equal((await dashboard.ask(`/queues/${file}`)).status, 200, file);
  });

  it("refuses every write when it is read-only", async () => {
    await open();
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

  const RUN: RunHeader = { id: "sample~1", dagId: "sample", version: "v", trigger: { kind: "api" }, conf: {}, createdAt: 1 };
  const AUDITED: readonly [verb: string, path: string, type: string, inRun: boolean][] = [
    ["PUT", `pods/${encodeURIComponent(JOB)}/retry`, "board.retry", true],
    ["PUT", `pods/${encodeURIComponent(JOB)}/promote`, "board.promote", true],
    ["PUT", "pods/clean/prioritized", "board.clean", true],
    ["PUT", "pods/retry/failed", "board.retry", false],
    ["PUT", "pods/pause", "board.pause", false],
  ];
  for (const [verb, path, type, inRun] of AUDITED) {
    it(`writes down who asked for ${verb} ${path}`, async () => {
      await open({ WINDLASS_BOARD_WRITE: "true", WINDLASS_USER: "ann", WINDLASS_PASSWORD: "correct horse" });
      await dashboard.state.runs.createRun(RUN);
      const authorization = `Basic ${Buffer.from("ann:correct horse").toString("base64")}`;
      await dashboard.ask(`${BOARD}/${path}`, { method: verb, body: {}, headers: { authorization } });
      const [audited] = await dashboard.state.acts.audited(10);
      assert.partialDeepStrictEqual(audited, { type, by: "ann", request: `${verb} /api/queues/${path}` });
      const lines = (await dashboard.state.runs.history(RUN.id)).slice(1).map(({ at: _, ...line }) => line);
      assert.deepEqual(lines, inRun ? [{ type, by: "ann", taskId: "load", jobId: JOB }] : []);
    });
  }

  it("writes nothing down of what it refuses", async () => {
    await open({ WINDLASS_BOARD_WRITE: "true" });
    await send("POST", `${BOARD}/pods/add`);
    assert.deepEqual(await dashboard.state.acts.audited(10), []);
  });
});
