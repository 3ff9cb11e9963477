import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runId } from "#core/ids.ts";
import { openGate } from "../../support/gate.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

describe("DAG files under a running scheduler", () => {
  const shared = sharedFleet(fleet => Promise.all([fleet.scheduler(), fleet.worker()]));

  const write = (id: string, options: object, tasks: string): void =>
    writeFileSync(
      join(shared.fleet.dagsDir, `${id}.ts`),
      `import { dag } from "windlass";\nexport default dag("${id}", ${JSON.stringify(options)}, d => { ${tasks} });\n`,
    );
  /** Waits until the DAG is published in another version than `before`. */
  const published = (id: string, before?: string) =>
    until(
      async () => {
        const row = await shared.fleet.state.dags.getDag(id);
        return row?.version === before ? undefined : row?.version;
      },
      { deadlineMs: 15_000, what: `DAG ${id}` },
    );
  const startRun = async (dagId: string, version: string): Promise<string> => {
    const id = runId(dagId, randomBytes(4).toString("hex"));
    await shared.fleet.state.runs.createRun({ id, dagId, version, trigger: { kind: "manual" }, conf: {}, createdAt: Date.now() });
    return id;
  };
  const runsOf = async (dagId: string) => (await shared.fleet.state.runs.listRuns({ dagId, limit: 100 })).length;

  it("that change leave a run alone which is under way: it ends as it began", async () => {
    const { fleet } = shared;
    const gate = openGate();
    const held = JSON.stringify({ image: "busybox:1.36", command: ["sh", "-c", `${gate.wait}; true`] });
    write("changing", {}, `d.pod("one", ${held}).before(d.noop("two"));`);
    const old = await published("changing");
    const run = await startRun("changing", old);
    await fleet.taskIn(run, "one", "running");
    write("changing", {}, `d.noop("three").before(d.noop("four"));`);
    const young = await published("changing", old);
    gate.open();
    const ended = await fleet.ended(run);
    assert.deepEqual([ended.state, ended.version, [...ended.tasks.keys()].sort()], ["success", old, ["one", "two"]]);
    const next = await fleet.ended(await startRun("changing", young));
    assert.deepEqual([next.state, next.version, [...next.tasks.keys()].sort()], ["success", young, ["four", "three"]]);
  });

  it("of a paused DAG start no run until it goes on", async () => {
    const { fleet } = shared;
    const everySecond = { schedule: "* * * * * *" };
    write("clock", everySecond, `d.noop("only");`);
    write("paused", everySecond, `d.noop("only");`);
    /** Waits for the clock's next tick; whatever was due before it has been looked at. */
    const clockTick = async (): Promise<void> => {
      const before = await runsOf("clock");
      await until(async () => (await runsOf("clock")) > before, { deadlineMs: 15_000, what: "a tick" });
    };
    await until(async () => (await runsOf("paused")) > 0, { deadlineMs: 15_000, what: "the first run" });
    assert.equal(await fleet.state.dags.setPaused("paused", true), true);
    await clockTick();
    const before = await runsOf("paused");
    await clockTick();
    assert.equal(await runsOf("paused"), before);
    await fleet.state.dags.setPaused("paused", false);
    await until(async () => (await runsOf("paused")) > before, { deadlineMs: 15_000, what: "a run after the pause" });
  }).timeout(60_000);
});
