import assert from "node:assert/strict";
import { podName } from "#core/ids.ts";
import { type ServiceProcess, shell } from "../../support/fleet.ts";
import { openGate } from "../../support/gate.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

/** A dead worker's jobs are free after 1 to 2 seconds. */
const SHORT_LOCK = { WINDLASS_LOCK_MS: "1000", WINDLASS_STALLED_MS: "500" };
const EAGER_JANITOR = { WINDLASS_SWEEP_MS: "200", WINDLASS_SWEEP_PATIENCE_MS: "1000" };

describe("a worker that is killed", () => {
  const shared = sharedFleet(fleet => fleet.scheduler());
  let workers: ServiceProcess[] = [];

  const worker = async (name: string, env: Record<string, string> = {}): Promise<ServiceProcess> => {
    const started = await shared.fleet.worker({ ...SHORT_LOCK, ...env, WINDLASS_WORKER_ID: name });
    workers.push(started);
    return started;
  };
  afterEach(async () => {
    await Promise.all(workers.map(one => one.signal("SIGKILL")));
    workers = [];
  });

  const podsOf = (run: string) =>
    [...shared.fleet.podsSeen()].filter(([name]) => name.startsWith(`${run.split("~")[0]}-`)).map(([, uids]) => uids.size);

  it("right after its create was answered leaves one pod, which the next worker adopts", async () => {
    const { fleet, cluster } = shared;
    const release = cluster.faults.node.holdStarts();
    cluster.stats.requests.clear();
    const first = await worker("w-one");
    const run = await fleet.start({ id: "created", tasks: [shell("task", "true")] });
    await until(() => cluster.stats.requests.all.some(({ verb, status }) => verb === "create" && status === 201), {
      what: "the answer of the create",
    });
    await first.signal("SIGKILL");
    await worker("w-two");
    await until(async () => (await fleet.taskIn(run, "task", "running")).epoch === 2, { what: "the adoption" });
    release();
    const task = (await fleet.ended(run)).tasks.get("task")!;
    assert.deepEqual([task.state, task.try, task.infra, task.epoch], ["success", 1, 0, 2]);
    assert.deepEqual(podsOf(run), [1]);
  });

  it("in the middle of a log loses no line of it and doubles none", async () => {
    const { fleet } = shared;
    const first = await worker("w-one");
    const script = "i=0; while [ $i -lt 400 ]; do i=$((i+1)); echo line $i; sleep 0.005; done";
    const run = await fleet.start({ id: "log", tasks: [shell("task", script)] });
    const log = () => fleet.logText({ runId: run, taskId: "task", try: 1 });
    await until(async () => (await log()).includes("line 50\n"), { deadlineMs: 10_000, what: "a part of the log" });
    await first.signal("SIGKILL");
    await worker("w-two");
    const task = (await fleet.ended(run)).tasks.get("task")!;
    assert.deepEqual([task.state, task.epoch], ["success", 2]);
    await until(async () => (await log()).includes("line 400\n"), { what: "the end of the log" });
    assert.equal(await log(), Array.from({ length: 400 }, (_, i) => `line ${i + 1}\n`).join(""));
  });

  it("after it recorded the outcome leaves a log and a pod that another worker finishes", async () => {
    const { fleet, cluster } = shared;
    const gate = openGate();
    const first = await worker("w-one");
    const run = await fleet.start({ id: "swept", tasks: [shell("task", `echo one; ${gate.wait}; echo two`)] });
    const log = () => fleet.logText({ runId: run, taskId: "task", try: 1 });
    await until(async () => (await log()) === "one\n", { what: "the first line" });
    // From here on the first worker hears nothing more of the log, and so does not come to the deletion.
    const ofFirst = { resource: "pods", userAgent: /w-one/ };
    cluster.faults.http.silence({ ...ofFirst, subresource: "log" }, Number.POSITIVE_INFINITY);
    assert.equal(cluster.faults.http.cut({ resource: "pods", subresource: "log" }), 1);
    gate.open();
    assert.equal((await fleet.ended(run)).state, "success");
    await first.signal("SIGKILL");
    const pod = podName({ dagId: "swept", runId: run, taskId: "task", try: 1, infra: 0 });
    const deletions = (userAgent: RegExp) =>
      cluster.stats.requests.count({ resource: "pods", name: pod, verb: "delete", userAgent });
    assert.equal(deletions(/w-one/), 0, "the first worker did not come to it");
    await worker("w-two", EAGER_JANITOR);
    await until(async () => (await log()) === "one\ntwo\n", { deadlineMs: 10_000, what: "the whole log" });
    await until(() => deletions(/w-two/) === 1, { what: "the pod's deletion" });
    assert.equal((await fleet.state.runs.listTries(run)).length, 1);
  });
});
