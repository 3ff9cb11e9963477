import assert from "node:assert/strict";
import fc from "fast-check";
import { DagSpec } from "#core/dag-spec.ts";
import { type Graph, indexDag } from "#core/graph.ts";
import { specIdOf } from "#core/instance-id.ts";
import { newRun, type Run, TASK_STATES, type TaskState } from "#core/run.ts";
import { selectTasks, type TaskChoice } from "#core/select-tasks.ts";
import type { TaskSpecInput } from "#core/task-spec.ts";

const noop = (id: string, upstream: string[] = [], more: object = {}): TaskSpecInput => ({
  id,
  operator: "noop",
  upstream,
  ...more,
});

const graphOf = (tasks: TaskSpecInput[]): Graph => indexDag(DagSpec.parse({ id: "etl", tasks }));

const runIn = (states: Record<string, TaskState | [TaskState, number]>): Run => ({
  ...newRun({ id: "etl~1", dagId: "etl", version: "v1", trigger: { kind: "api" }, conf: {}, createdAt: 1 }),
  tasks: new Map(
    Object.entries(states).map(([id, one]) => {
      const [state, count] = typeof one === "string" ? [one] : one;
      return [id, { state, gen: 1, try: 1, infra: 0, epoch: 1, ...(count === undefined ? {} : { count }) }];
    }),
  ),
});

/** create → work → check → destroy; report after work; aside begins by itself. `destroy` is the teardown of `create`. */
const AROUND = graphOf([
  noop("create", [], { setup: true }),
  noop("work", ["create"]),
  noop("check", ["work"]),
  noop("destroy", ["check"], { teardown: { of: ["create"] } }),
  noop("report", ["work"]),
  noop("aside"),
]);
const ALL_DONE = Object.fromEntries([...AROUND.tasks.keys()].map(id => [id, "success" as const]));
const FAILED_IN_CHECK = { ...ALL_DONE, check: "failed", report: "cancelled" } as const;

const MAPPED = graphOf([noop("list"), noop("load", ["list"], { map: { over: [1, 2, 3] } }), noop("sum", ["load"])]);
const ONE_FAILED = {
  list: "success",
  load: ["failed", 3],
  "load@0": "success",
  "load@1": "failed",
  "load@2": "success",
  sum: "upstream_failed",
} as const;

const ROWS: readonly [string, Graph, Record<string, TaskState | readonly [TaskState, number]>, TaskChoice, string[]][] = [
  ["a task without anything around it", AROUND, ALL_DONE, { tasks: ["aside"] }, ["aside"]],
  ["a task with its setup and teardown", AROUND, ALL_DONE, { tasks: ["check"] }, ["create", "check", "destroy"]],
  ["a task behind the teardown's way only", AROUND, ALL_DONE, { tasks: ["report"] }, ["report"]],
  ["a setup with its teardown", AROUND, ALL_DONE, { tasks: ["create"] }, ["create", "destroy"]],
  ["downstream", AROUND, ALL_DONE, { tasks: ["work"], downstream: true }, ["create", "work", "check", "destroy", "report"]],
  ["upstream", AROUND, ALL_DONE, { tasks: ["report"], upstream: true }, ["create", "work", "destroy", "report"]],
  ["all", AROUND, ALL_DONE, {}, ["create", "work", "check", "destroy", "report", "aside"]],
  ["what failed, with what it needs", AROUND, FAILED_IN_CHECK, { failedOnly: true }, ["create", "check", "destroy", "report"]],
  ["of what is chosen, what failed", AROUND, FAILED_IN_CHECK, { tasks: ["work", "report"], failedOnly: true }, ["report"]],
  ["nothing that has not begun", AROUND, { create: "success", work: "scheduled", check: "none" }, {}, ["create"]],
  ["nobody of that name", AROUND, ALL_DONE, { tasks: ["unknown"], downstream: true }, []],
  ["a mapped task as a whole", MAPPED, ONE_FAILED, { tasks: ["load"] }, ["load"]],
  ["an instance", MAPPED, ONE_FAILED, { tasks: ["load@2"] }, ["load@2"]],
  ["the instances that failed", MAPPED, ONE_FAILED, { failedOnly: true }, ["load@1", "sum"]],
  ["an instance and what comes after", MAPPED, ONE_FAILED, { tasks: ["load@1"], downstream: true }, ["load@1", "sum"]],
  ["a mapped task whose list failed", MAPPED, { list: "success", load: "failed" }, { failedOnly: true }, ["load"]],
];

describe("selectTasks", () => {
  for (const [what, graph, states, choice, expected] of ROWS) {
    it(what, () => assert.deepEqual(selectTasks(graph, runIn(states as never), choice), expected));
  }

  const choice = fc.record(
    {
      tasks: fc.subarray([...AROUND.tasks.keys()], { minLength: 1 }),
      downstream: fc.boolean(),
      upstream: fc.boolean(),
      failedOnly: fc.boolean(),
    },
    { requiredKeys: [], noNullPrototype: true },
  );
  const states = fc.record(Object.fromEntries([...AROUND.tasks.keys()].map(id => [id, fc.constantFrom(...TASK_STATES)])));

  it("names each task once, in the DAG's order, and none that has not begun", () => {
    const order = [...AROUND.tasks.keys()];
    fc.assert(
      fc.property(states, choice, (known, wanted) => {
        const ids = selectTasks(AROUND, runIn(known), wanted);
        assert.deepEqual(
          ids,
          order.filter(id => ids.includes(specIdOf(id))),
        );
        for (const id of ids) assert.ok(known[id] !== "none" && known[id] !== "scheduled");
      }),
    );
  });

  it("means no fewer when more is asked for", () => {
    fc.assert(
      fc.property(states, choice, (known, wanted) => {
        const few = selectTasks(AROUND, runIn(known), { ...wanted, downstream: false, upstream: false });
        const more = new Set(selectTasks(AROUND, runIn(known), { ...wanted, downstream: true, upstream: true }));
        assert.ok(few.every(id => more.has(id)));
      }),
    );
  });
});
