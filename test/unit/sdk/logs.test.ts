import assert from "node:assert/strict";
import { dag } from "#sdk/dag.ts";

describe("the option logs", () => {
  const pod = { image: "a" };
  const table: readonly (readonly [logs: boolean | string[] | undefined, inSpec: unknown])[] = [
    [undefined, undefined],
    [true, true],
    [false, false],
    [
      ["main", "proxy"],
      ["main", "proxy"],
    ],
  ];
  for (const [logs, inSpec] of table) {
    it(`${JSON.stringify(logs)} is the task's, not the pod's`, () => {
      const { tasks } = dag("etl", {}, d => void d.pod("load", logs === undefined ? pod : { ...pod, logs }));
      const [task] = tasks;
      assert.ok(task?.operator === "pod");
      assert.deepEqual(task.logs, inSpec);
      assert.ok(!("logs" in task.pod));
    });
  }

  it("comes from defaultArgs, and a task replaces it", () => {
    const { tasks } = dag("etl", { defaultArgs: { logs: ["main"] } }, d => {
      d.pod("one", pod);
      d.pod("two", { ...pod, logs: true });
    });
    assert.deepEqual(
      tasks.map(task => task.operator === "pod" && task.logs),
      [["main"], true],
    );
  });

  it("refuses what is no container's name", () => {
    assert.throws(() => dag("etl", {}, d => void d.pod("load", { ...pod, logs: ["Main!"] })), /logs/);
  });
});
