import assert from "node:assert/strict";
import { canMoveTo } from "#core/can-move-to.ts";
import { DagSpec } from "#core/dag-spec.ts";
import type { TaskRun, TaskState } from "#core/run.ts";
import type { TaskSpecInput } from "#core/task-spec.ts";

const noop = (id: string, more: object = {}): TaskSpecInput => ({ id, operator: "noop", ...more }) as TaskSpecInput;
const spec = (...tasks: TaskSpecInput[]): DagSpec => DagSpec.parse({ id: "etl", tasks });
const task = (state: TaskState, count?: number): TaskRun => ({
  state,
  gen: 1,
  try: 1,
  infra: 0,
  epoch: 1,
  ...(count === undefined ? {} : { count }),
});

const OLD = spec(noop("load"), noop("save"), noop("each", { map: { over: [1, 2] } }));

const ROWS: readonly [string, DagSpec, Record<string, TaskRun>, string[]][] = [
  ["the same tasks", OLD, { load: task("success") }, []],
  [
    "a task more, and one less that has not begun",
    spec(noop("load"), noop("more")),
    { load: task("failed"), save: task("none") },
    [],
  ],
  [
    "a task less that has begun",
    spec(noop("save")),
    { load: task("failed") },
    ["task 'load' has begun and is not in the other version"],
  ],
  [
    "a task of another kind",
    spec(noop("load", { operator: "empty" })),
    { load: task("running") },
    ["task 'load' was noop and is empty"],
  ],
  [
    "a task that is not mapped any more",
    spec(noop("each")),
    { each: task("failed", 2), "each@0": task("failed") },
    ["task 'each' is not mapped any more in the other version"],
  ],
  ["another list for what has ended", spec(noop("each", { map: { over: [1, 2, 3] } })), { each: task("success", 2) }, []],
  [
    "another list for what is under way",
    spec(noop("each", { map: { over: [1, 2, 3] } })),
    { each: task("mapped", 2), "each@0": task("running") },
    ["task 'each' is under way over another list"],
  ],
];

describe("canMoveTo", () => {
  for (const [what, to, tasks, problems] of ROWS) {
    it(what, () => assert.deepEqual(canMoveTo(OLD, to, { tasks: new Map(Object.entries(tasks)) }), problems));
  }

  it("knows its own DAG only", () => {
    const other = DagSpec.parse({ id: "other", tasks: [noop("load")] });
    assert.deepEqual(canMoveTo(OLD, other, { tasks: new Map() }), ["the other version is one of DAG 'other'"]);
  });
});
