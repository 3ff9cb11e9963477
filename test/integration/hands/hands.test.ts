import assert from "node:assert/strict";
import type { Act } from "#core/act.ts";
import { jobId } from "#core/ids.ts";
import type { Run } from "#core/run.ts";
import { shell } from "../../support/fleet.ts";
import { openGate } from "../../support/gate.ts";
import { replay } from "../../support/replay.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

describe("people's hands", () => {
  const shared = sharedFleet(async fleet => {
    await fleet.scheduler();
    await fleet.worker();
  });

  let acts = 0;
  const act = (run: string, wanted: Act): Promise<unknown> =>
    shared.fleet.state.acts.request(run, { id: `a${acts++}`, at: Date.now(), by: "ann", act: wanted });
  const states = ({ tasks }: Run, ...ids: string[]): string[] => ids.map(id => tasks.get(id)?.state ?? "none");
  /** Waits until nothing is left to be done of any act, and the run has ended. */
  const settled = (run: string): Promise<Run> =>
    until(
      async () => {
        const [stored] = await shared.fleet.state.leader.loadRuns([run]);
        return stored?.endedAt !== undefined && stored.acts === undefined ? stored : undefined;
      },
      { deadlineMs: 20_000, what: `the end of run ${run} and its acts` },
    );
  const tries = async (run: string): Promise<string[]> =>
    (await shared.fleet.state.runs.listTries(run)).map(({ taskId, try: one, state }) => `${taskId} ${one} ${state}`);

  // Whatever a test has made of its runs: who reads the history from its beginning ends with the states of the record.
  afterEach(async () => {
    const { runs } = shared.fleet.state;
    for (const { id } of await runs.listRuns({ limit: 500 })) {
      const { state, tasks } = (await runs.getRun(id))!;
      const recorded = [...tasks].map(([taskId, task]) => [taskId, task.state] as const).filter(([, task]) => task !== "none");
      const replayed = replay(await runs.history(id));
      assert.deepEqual([replayed.run, [...replayed.tasks].sort()], [state, recorded.sort()], `the history of ${id}`);
    }
  });

  it("clear a failed task with what comes after it: the run goes on and succeeds, with fresh retries", async () => {
    const { fleet } = shared;
    const run = await fleet.start({
      id: "again",
      tasks: [
        shell("flaky", '[ "$WINDLASS_TRY" -ge 3 ]', { retry: { retries: 1, delayMs: 1 } }),
        shell("next", "true", { upstream: ["flaky"] }),
        shell("aside", "true"),
      ],
    });
    assert.equal((await fleet.ended(run)).state, "failed");
    await act(run, { type: "clear", tasks: ["flaky", "next"] });
    const after = await settled(run);
    assert.deepEqual([after.state, ...states(after, "flaky", "next", "aside")], ["success", "success", "success", "success"]);
    const flaky = (await tries(run)).filter(line => line.startsWith("flaky"));
    assert.deepEqual(flaky, ["flaky 1 up_for_retry", "flaky 2 failed", "flaky 3 success"]);
    const acted = (await fleet.state.runs.history(run)).filter(({ type }) => type === "run.acted");
    assert.deepEqual(
      acted.map(({ by, act: wanted }) => [by, wanted]),
      [["ann", { type: "clear", tasks: ["flaky", "next"] }]],
    );
  });

  it("clear a running task: its pod is deleted, and one new pod runs", async () => {
    const { fleet } = shared;
    const gate = openGate();
    const before = new Set(fleet.podsSeen().keys());
    const run = await fleet.start({
      id: "running",
      tasks: [shell("task", `${gate.wait}; true`), shell("other", `${gate.wait}; true`)],
    });
    await fleet.taskIn(run, "task", "running");
    await fleet.taskIn(run, "other", "running");
    const pods = () => [...fleet.podsSeen().keys()].filter(name => !before.has(name)).sort();
    await until(() => pods().length === 2, { what: "two pods" });
    await act(run, { type: "clear", tasks: ["task"] });
    await until(() => pods().length === 3, { what: "the pod of the second try" });
    gate.open();
    const { state, tasks } = await settled(run);
    assert.equal(state, "success");
    const { gen, try: tryNumber } = tasks.get("task")!;
    assert.deepEqual([gen, tryNumber], [2, 2]);
    assert.deepEqual((await tries(run)).sort(), ["other 1 success", "task 1 cancelled", "task 2 success"]);
    assert.equal(pods().length, 3, "and no pod more");
  });

  it("mark a failed task as a success: what hangs on it goes on", async () => {
    const { fleet } = shared;
    const run = await fleet.start({
      id: "marked",
      tasks: [shell("broken", "exit 1"), shell("next", "true", { upstream: ["broken"] })],
    });
    await fleet.ended(run);
    await act(run, { type: "mark", tasks: ["broken"], state: "success" });
    const after = await settled(run);
    assert.deepEqual([after.state, ...states(after, "broken", "next")], ["success", "success", "success"]);
    assert.deepEqual(after.tasks.get("broken")?.reason, { code: "marked", by: "ann" });
    assert.deepEqual(await tries(run), ["broken 1 failed", "next 1 success"]);
  });

  it("mark a running task as skipped: its pod is deleted", async () => {
    const { fleet } = shared;
    const gate = openGate();
    const run = await fleet.start({ id: "skip", tasks: [shell("task", `${gate.wait}; true`)] });
    await fleet.taskIn(run, "task", "running");
    await act(run, { type: "mark", tasks: ["task"], state: "skipped" });
    const after = await settled(run);
    assert.deepEqual([after.state, ...states(after, "task")], ["success", "skipped"]);
    gate.open();
  });

  it("start the next try now, without its delay", async () => {
    const { fleet } = shared;
    const run = await fleet.start({
      id: "now",
      tasks: [shell("flaky", '[ "$WINDLASS_TRY" = 2 ]', { retry: { retries: 1, delayMs: 3_600_000, maxDelayMs: 3_600_000 } })],
    });
    await fleet.taskIn(run, "flaky", "up_for_retry");
    await fleet.jobIn(jobId(run, "flaky", 1), "delayed");
    await act(run, { type: "retryNow", tasks: ["flaky"] });
    const after = await settled(run);
    assert.deepEqual([after.state, after.tasks.get("flaky")?.try], ["success", 2]);
  });

  it("let no further try begin: a task that waits for one has failed", async () => {
    const { fleet } = shared;
    const run = await fleet.start({
      id: "enough",
      tasks: [
        shell("flaky", "exit 1", { retry: { retries: 5, delayMs: 3_600_000, maxDelayMs: 3_600_000 } }),
        shell("next", "true", { upstream: ["flaky"] }),
      ],
    });
    await fleet.taskIn(run, "flaky", "up_for_retry");
    await act(run, { type: "stopRetrying", tasks: ["flaky"] });
    const after = await settled(run);
    assert.deepEqual([after.state, ...states(after, "flaky", "next")], ["failed", "failed", "upstream_failed"]);
    assert.deepEqual(await tries(run), ["flaky 1 up_for_retry"]);
    await fleet.jobIn(jobId(run, "flaky", 1), "missing");
  });

  it("end a running run as they say", async () => {
    const { fleet } = shared;
    const gate = openGate();
    const run = await fleet.start({
      id: "over",
      tasks: [shell("task", `${gate.wait}; true`), shell("next", "true", { upstream: ["task"] })],
    });
    await fleet.taskIn(run, "task", "running");
    await act(run, { type: "markRun", state: "success" });
    const after = await settled(run);
    assert.deepEqual([after.state, ...states(after, "task", "next")], ["success", "cancelled", "cancelled"]);
    gate.open();
  });

  it("clear a cancelled run: it goes on where it was", async () => {
    const { fleet } = shared;
    const gate = openGate();
    const run = await fleet.start({
      id: "back",
      tasks: [shell("first", "true"), shell("second", `${gate.wait}; true`, { upstream: ["first"] })],
    });
    await fleet.taskIn(run, "second", "running");
    await fleet.state.runs.requestCancel(run, { at: Date.now(), by: "ann" });
    assert.equal((await fleet.ended(run)).state, "cancelled");
    gate.open();
    await act(run, { type: "clear", tasks: ["second"] });
    const after = await settled(run);
    assert.deepEqual(
      [after.state, after.cancelAt, ...states(after, "first", "second")],
      ["success", undefined, "success", "success"],
    );
    assert.deepEqual(await tries(run), ["first 1 success", "second 1 cancelled", "second 2 success"]);
  });
});
