import assert from "node:assert/strict";
import { jobId } from "#core/ids.ts";
import { keysOf } from "#state/keys.ts";
import { type ServiceProcess, shell } from "../../support/fleet.ts";
import { openGate } from "../../support/gate.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

describe("what gets lost on the way", () => {
  let leader: ServiceProcess;
  const shared = sharedFleet(async fleet => {
    // A leader that is paused by a test stays in office.
    leader = await fleet.scheduler({ WINDLASS_RECONCILE_MS: "200", WINDLASS_LEASE_MS: "60000" });
    await fleet.worker();
  });

  /** Pauses the leader when it waits for news no longer, so that what comes next stays in the inbox. */
  const pauseLeader = async (): Promise<void> => {
    await leader.signal("SIGSTOP");
    const waits = async () => /name=scheduler-inbox .*flags=\w*b/.test((await shared.fleet.redis.client("LIST")) as string);
    await until(async () => !(await waits()), { what: "the end of the leader's wait" });
  };
  afterEach(() => leader.signal("SIGCONT"));

  it("a job that is removed while its pod runs is replaced: the next generation adopts the pod and repeats its try", async () => {
    const { fleet } = shared;
    const gate = openGate();
    const run = await fleet.start({ id: "job", tasks: [shell("task", `${gate.wait}; true`)] });
    await fleet.taskIn(run, "task", "running");
    await until(() => fleet.podsSeen().size === 1, { what: "the pod" });
    const id = jobId(run, "task", 1);
    await fleet.jobIn(id, "active");
    const bull = `${fleet.prefix}:pods`;
    await fleet.redis.multi().lrem(`${bull}:active`, 0, id).del(`${bull}:${id}`, `${bull}:${id}:lock`).exec();
    await until(async () => (await fleet.taskIn(run, "task", "running")).gen === 2, { what: "the second generation" });
    gate.open();
    const task = (await fleet.ended(run)).tasks.get("task")!;
    assert.deepEqual([task.state, task.gen, task.try, task.infra, task.epoch], ["success", 2, 1, 0, 1]);
    assert.equal((await fleet.state.runs.listTries(run)).length, 1);
    assert.deepEqual(
      [...fleet.podsSeen().values()].map(uids => uids.size),
      [1],
    );
  });

  it("the news that a task has ended is read from the record", async () => {
    const { fleet } = shared;
    const { inbox } = keysOf(fleet.prefix);
    const gate = openGate();
    const run = await fleet.start({
      id: "ended",
      tasks: [shell("first", `${gate.wait}; true`), { id: "second", operator: "noop", upstream: ["first"] }],
    });
    await fleet.taskIn(run, "first", "running");
    await pauseLeader();
    gate.open();
    const news = await until(() => fleet.redis.lpop(inbox), { what: "the news" });
    assert.match(news, /^ended\n/);
    await leader.signal("SIGCONT");
    assert.equal((await fleet.ended(run)).state, "success");
  });

  it("the news that a run was created is read from the record", async () => {
    const { fleet } = shared;
    const { inbox } = keysOf(fleet.prefix);
    await pauseLeader();
    const run = await fleet.start({ id: "created", tasks: [{ id: "only", operator: "noop" }] });
    assert.match((await fleet.redis.lpop(inbox))!, /^created\n/);
    await leader.signal("SIGCONT");
    assert.equal((await fleet.ended(run)).state, "success");
  });

  it("the news that a run is to be cancelled is read from the record", async () => {
    const { fleet } = shared;
    const { inbox } = keysOf(fleet.prefix);
    const gate = openGate();
    const run = await fleet.start({
      id: "cancelled",
      tasks: [shell("first", `${gate.wait}; true`), { id: "second", operator: "noop", upstream: ["first"] }],
    });
    await fleet.taskIn(run, "first", "running");
    await pauseLeader();
    await fleet.state.runs.requestCancel(run, { at: Date.now(), by: "test" });
    assert.match((await fleet.redis.lpop(inbox))!, /^cancel\n/);
    await leader.signal("SIGCONT");
    const { state, tasks } = await fleet.ended(run);
    assert.deepEqual([state, tasks.get("first")!.state, tasks.get("second")!.state], ["cancelled", "cancelled", "cancelled"]);
    gate.open();
  });
});
