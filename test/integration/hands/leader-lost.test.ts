import assert from "node:assert/strict";
import type { Act } from "#core/act.ts";
import type { Run } from "#core/run.ts";
import { keysOf } from "#state/keys.ts";
import { type Fleet, type ServiceProcess, shell } from "../../support/fleet.ts";
import { openGate } from "../../support/gate.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

const CLEAR: Act = { type: "clear", tasks: ["task"] };

describe("an act and a leader that dies", () => {
  let leader: ServiceProcess;
  let worker: ServiceProcess;
  const shared = sharedFleet(async fleet => {
    leader = await newLeader(fleet);
    worker = await fleet.worker();
  });
  const newLeader = (fleet: Fleet) => fleet.scheduler({ WINDLASS_RECONCILE_MS: "300", WINDLASS_LEASE_MS: "600" });

  const failedRun = async (id: string, script = '[ "$WINDLASS_TRY" = 2 ]'): Promise<string> => {
    const run = await shared.fleet.start({ id, tasks: [shell("task", script)] });
    await shared.fleet.ended(run);
    return run;
  };
  const ask = (run: string, id: string) => shared.fleet.state.acts.request(run, { id, at: Date.now(), by: "ann", act: CLEAR });
  const settled = (run: string): Promise<Run> =>
    until(
      async () => {
        const [stored] = await shared.fleet.state.leader.loadRuns([run]);
        return stored?.endedAt !== undefined && stored.acts === undefined ? stored : undefined;
      },
      { deadlineMs: 20_000, what: `the end of run ${run} and its acts` },
    );
  const numbers = ({ tasks }: Run): (string | number)[] => {
    const { state, gen, try: tryNumber } = tasks.get("task")!;
    return [state, gen, tryNumber];
  };

  it("before it has looked: the next one does the act, once", async () => {
    const run = await failedRun("before");
    await leader.signal("SIGSTOP");
    await ask(run, "a1");
    await leader.signal("SIGKILL");
    leader = await newLeader(shared.fleet);
    assert.deepEqual(numbers(await settled(run)), ["success", 2, 2]);
  });

  it("before it has looked at a task that runs: the next one stops it", async () => {
    const gate = openGate();
    const run = await shared.fleet.start({ id: "unseen", tasks: [shell("task", `${gate.wait}; true`)] });
    await shared.fleet.taskIn(run, "task", "running");
    await leader.signal("SIGSTOP");
    await ask(run, "a0");
    await leader.signal("SIGKILL");
    leader = await newLeader(shared.fleet);
    await until(async () => (await shared.fleet.state.runs.getTask(run, "task"))?.gen === 2, { what: "the second generation" });
    gate.open();
    assert.deepEqual(numbers(await settled(run)), ["success", 2, 2]);
  });

  it("after its commit: the next one finds nothing to do", async () => {
    const gate = openGate();
    const run = await failedRun("after", `[ "$WINDLASS_TRY" = 1 ] && exit 1; ${gate.wait}; true`);
    await ask(run, "a2");
    await shared.fleet.taskIn(run, "task", "running");
    await leader.signal("SIGKILL");
    leader = await newLeader(shared.fleet);
    gate.open();
    assert.deepEqual(numbers(await settled(run)), ["success", 2, 2]);
  });

  it("between the stop and what follows: the next one goes on", async () => {
    const gate = openGate();
    const run = await shared.fleet.start({ id: "between", tasks: [shell("task", `${gate.wait}; true`)] });
    await shared.fleet.taskIn(run, "task", "running");
    const { stops } = keysOf(shared.fleet.prefix);
    // A worker that obeys at once would leave nothing to be seen.
    await worker.signal("SIGSTOP");
    await ask(run, "a3");
    await until(() => shared.fleet.redis.exists(stops(run)), { what: "the leader's word to stop" });
    await leader.signal("SIGKILL");
    await worker.signal("SIGCONT");
    leader = await newLeader(shared.fleet);
    await until(async () => (await shared.fleet.state.runs.getTask(run, "task"))?.gen === 2, { what: "the second generation" });
    gate.open();
    assert.deepEqual(numbers(await settled(run)), ["success", 2, 2]);
  });

  it("whose news gets lost is found in the record", async () => {
    const { fleet } = shared;
    const run = await failedRun("lost");
    await leader.signal("SIGSTOP");
    const waits = async () => /name=scheduler-inbox .*flags=\w*b/.test((await fleet.redis.client("LIST")) as string);
    await until(async () => !(await waits()), { what: "the end of the leader's wait" });
    await ask(run, "a4");
    assert.match((await fleet.redis.lpop(keysOf(fleet.prefix).inbox))!, /^act\n/);
    await leader.signal("SIGCONT");
    assert.deepEqual(numbers(await settled(run)), ["success", 2, 2]);
  });
});
