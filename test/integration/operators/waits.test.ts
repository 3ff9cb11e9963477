import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { jobId, scheduledRunId } from "#core/ids.ts";
import { taskOf } from "#core/run.ts";
import type { TaskSpecInput } from "#core/task-spec.ts";
import { type HookServer, openHookServer } from "../../support/hook-server.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

const SHORT_LOCK = { WINDLASS_LOCK_MS: "1000", WINDLASS_STALLED_MS: "500" };

describe("a task that waits", () => {
  let server: HookServer;
  const shared = sharedFleet(async fleet => {
    server = await openHookServer();
    await Promise.all([fleet.scheduler(), fleet.worker(SHORT_LOCK)]);
  });
  after(() => server.close());
  beforeEach(() => {
    server.hooks.splice(0);
    server.answer = () => 200;
  });

  const wait = (spec: Extract<TaskSpecInput, { operator: "wait" }>["for"], more: object = {}): TaskSpecInput => ({
    id: "wait",
    operator: "wait",
    for: spec,
    ...more,
  });
  const forServer = (more: object = {}) =>
    wait({ kind: "http", request: { url: `${server.url}/ready` } }, { everyMs: 50, ...more });

  it("for a server looks until it answers, and touches no budget", async () => {
    const { fleet } = shared;
    server.answer = number => (number < 4 ? 503 : 200);
    const run = await fleet.start({ id: "server", tasks: [forServer()] });
    const { state, tasks } = await fleet.ended(run);
    const { try: tryNumber, infra, epoch } = tasks.get("wait")!;
    assert.deepEqual([state, server.hooks.length, tryNumber, infra, epoch], ["success", 4, 1, 0, 4]);
    const history = await fleet.state.runs.history(run);
    const lines = history.filter(({ taskId }) => taskId === "wait").map(({ type, state: to }) => `${type} ${to ?? ""}`.trim());
    assert.deepEqual(
      lines,
      ["task.queued", "try.began", "try.ended deferred", "try.ended success"],
      "a look is no line of the history",
    );
    assert.equal((await fleet.state.runs.listTries(run)).length, 1);
  });

  it("whose time is up has failed without another try, softly: is skipped", async () => {
    const { fleet } = shared;
    server.answer = () => 503;
    const retry = { retries: 3, delayMs: 0 };
    const hard = await fleet.start({ id: "hard", tasks: [forServer({ timeoutMs: 200, retry })] });
    const soft = await fleet.start({ id: "soft", tasks: [forServer({ timeoutMs: 200, retry, softFail: true })] });
    const [a, b] = [(await fleet.ended(hard)).tasks.get("wait")!, (await fleet.ended(soft)).tasks.get("wait")!];
    assert.deepEqual([a.state, a.outcome!.code, a.try], ["failed", "WaitTimeout", 1]);
    assert.match(a.outcome!.evidence!, /answered 503/);
    assert.deepEqual([b.state, b.try], ["skipped", 1]);
  });

  it("for another DAG's run of the same logical date goes on when that has succeeded", async () => {
    const { fleet } = shared;
    const { runs } = fleet.state;
    const at = Date.parse("2026-01-31T00:00:00Z");
    const version = async (id: string, task: TaskSpecInput) => {
      const run = await fleet.start({ id, tasks: [task] });
      return (await runs.getRun(run))!.version;
    };
    const header = (dagId: string, of: string) => ({
      id: scheduledRunId(dagId, at),
      dagId,
      version: of,
      trigger: { kind: "schedule" as const },
      conf: {},
      createdAt: Date.now(),
      logicalAt: at,
    });
    const waiting = header(
      "after",
      await version("after", wait({ kind: "run", dag: "before" }, { everyMs: 50, timeoutMs: 15_000 })),
    );
    const before = header("before", await version("before", { id: "a", operator: "noop" }));
    await runs.createRun(waiting);
    assert.match(
      String((await until(async () => (await runs.notes(waiting.id)).get("wait"))).message),
      /before has no run of 2026-01-31/,
    );
    await runs.createRun(before);
    assert.equal((await fleet.ended(waiting.id)).state, "success");
  });

  it("that is cancelled ends at once, without a worker, and its job is gone", async () => {
    const { fleet } = shared;
    const run = await fleet.start({ id: "cancelled", tasks: [wait({ kind: "time", afterMs: 600_000 })] });
    const { retryAt } = await fleet.taskIn(run, "wait", "deferred");
    assert.ok(retryAt! > Date.now() + 500_000);
    await fleet.state.runs.requestCancel(run, { at: Date.now(), by: "test" });
    assert.equal((await fleet.ended(run)).state, "cancelled");
    await fleet.jobIn(jobId(run, "wait", 1), "missing");
  });

  it("loses nothing when its worker is killed in the middle of a look, or drained", async () => {
    const { fleet } = shared;
    // The look under way never comes back.
    server.answer = number => (number === 1 ? undefined : number < 4 ? 503 : 200);
    const run = await fleet.start({ id: "killed", tasks: [forServer({ queue: "own", everyMs: 200 })] });
    const first = await fleet.worker({ ...SHORT_LOCK, WINDLASS_QUEUES: "own" });
    await until(() => server.hooks.length === 1, { deadlineMs: 15_000, what: "the first look" });
    await first.signal("SIGKILL");
    const second = await fleet.worker({ ...SHORT_LOCK, WINDLASS_QUEUES: "own" });
    await until(() => server.hooks.length === 2, { deadlineMs: 15_000, what: "the second look" });
    await second.signal("SIGTERM");
    await fleet.worker({ ...SHORT_LOCK, WINDLASS_QUEUES: "own" });
    const ended = await fleet.ended(run, 20_000);
    const { try: tryNumber, infra, state } = taskOf(ended, "wait");
    assert.deepEqual([state, tryNumber, infra], ["success", 1, 0]);
  });

  it("a request gives its answer as the task's result", async () => {
    const { fleet } = shared;
    const run = await fleet.start({
      id: "request",
      tasks: [
        { id: "send", operator: "http", request: { url: `${server.url}/a`, method: "POST", body: { day: "{{ run.ds }}" } } },
      ],
    });
    assert.equal((await fleet.ended(run)).state, "success");
    const [hook] = server.hooks;
    assert.match((JSON.parse(hook!.body) as { day: string }).day, /^\d{4}-\d\d-\d\d$/);
    assert.equal(hook!.headers["idempotency-key"], `${run}~send~1`);
  });
});

describe("a task that starts a run", () => {
  const shared = sharedFleet(async fleet => {
    await Promise.all([fleet.scheduler(), fleet.worker()]);
  });
  const child = (operator: TaskSpecInput) => ({ id: "child", tasks: [operator] });
  const parent = (id: string, more: object = {}) => ({
    id,
    tasks: [{ id: "start", operator: "trigger" as const, dag: "child", wait: true, conf: { n: 1 }, ...more }],
  });
  const publish = async (task: TaskSpecInput) => {
    const { fleet } = shared;
    // A run of its own publishes it too.
    await fleet.ended(await fleet.start(child({ id: "a", operator: "noop" })));
    const spec = DagSpec.parse(child(task));
    const row = {
      id: "child",
      version: contentHash(spec),
      file: "child.ts",
      publishedAt: 1,
      tags: [],
      timezone: "UTC",
      taskCount: 1,
    };
    await fleet.state.dags.publishDag(row, spec);
  };

  it("ends as the run does, as soon as it does, and both know of each other", async () => {
    const { fleet } = shared;
    await publish({ id: "ask", operator: "wait", for: { kind: "time", afterMs: 300 } });
    const run = await fleet.start(parent("waits"));
    const ended = await fleet.ended(run, 15_000);
    assert.equal(ended.state, "success");
    const output = (await fleet.state.runs.outputs(run)).get("start") as { runId: string; state: string };
    const started = (await fleet.state.runs.getRun(output.runId))!;
    assert.deepEqual(
      [started.trigger, started.conf],
      [{ kind: "trigger", by: `run ${run}`, parent: { runId: run, taskId: "start" } }, { n: 1 }],
    );
    assert.equal(taskOf(ended, "start").epoch, 2, "it looked when it had started the run, and when that had ended");
  });

  it("fails when the run does, and its next try starts another one", async () => {
    const { fleet } = shared;
    await publish({ id: "a", operator: "wait", for: { kind: "time", until: "nonsense" } });
    const run = await fleet.start(parent("fails", { retry: { retries: 1, delayMs: 0 } }));
    const { state, tasks } = await fleet.ended(run, 15_000);
    const { outcome, try: tryNumber } = tasks.get("start")!;
    assert.deepEqual([state, outcome!.code, tryNumber], ["failed", "TriggeredRunFailed", 2]);
    const started = (await fleet.state.runs.listRuns({ dagId: "child", limit: 100 })).filter(
      one => one.trigger.parent?.runId === run,
    );
    assert.equal(started.length, 2);
  });

  it("does not wait where it is not asked to", async () => {
    const { fleet } = shared;
    await publish({ id: "a", operator: "approval", question: "?" });
    const run = await fleet.start(parent("fires", { wait: false }));
    assert.equal((await fleet.ended(run, 15_000)).state, "success");
    const { runId } = (await fleet.state.runs.outputs(run)).get("start") as { runId: string };
    assert.notEqual((await fleet.state.runs.getRun(runId))!.state, "success");
  });
});
