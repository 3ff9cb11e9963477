import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import { type DefaultArgs, dag, type PodOptions } from "#sdk/index.ts";

const IMAGE = { image: "busybox:1.36" };
const specOf = (options: Partial<PodOptions>, defaultArgs: DefaultArgs = {}) => {
  const { tasks } = DagSpec.parse(dag("d", { defaultArgs }, d => void d.pod("t", { ...IMAGE, ...options })));
  const [task] = tasks;
  assert.ok(task?.operator === "pod");
  return task;
};
/** What a DAG with this task says is wrong. */
const problemOf = (options: object): string => {
  try {
    specOf(options as Partial<PodOptions>);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the DAG should have been refused");
};

describe("a task's rules for failures", () => {
  it("become data of the retry policy", () => {
    const rules = {
      infraRetries: 2,
      retryOn: { exitCodes: [75], codes: ["ErrImagePull" as const] },
      failOn: [64, 78, "PodDeleted" as const],
      skipOn: [99],
      retryConfigErrors: true,
    };
    const { retries: _, delayMs: __, backoff: ___, maxDelayMs: ____, jitter: _____, ...own } = specOf(rules).retry;
    assert.deepEqual(own, rules);
  });

  it("may come from the DAG, and the task's own win as a whole", () => {
    const defaults: DefaultArgs = { failOn: [64], infraRetries: 1 };
    assert.deepEqual(specOf({ failOn: [78] }, defaults).retry.failOn, [78]);
    assert.equal(specOf({}, defaults).retry.infraRetries, 1);
  });

  it("leave an ordinary spec as it was, hash included", () => {
    const task = specOf({});
    assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(task.retry))).sort(), [
      "backoff",
      "delayMs",
      "jitter",
      "maxDelayMs",
      "retries",
    ]);
  });

  it("limit the way to a node and to the start", () => {
    const { schedulingTimeoutMs, startTimeoutMs, memoryGrowth } = specOf({
      schedulingTimeout: 0,
      startTimeout: "3m",
      memoryGrowth: 1.5,
    });
    assert.deepEqual([schedulingTimeoutMs, startTimeoutMs, memoryGrowth], [0, 180_000, { factor: 1.5 }]);
    assert.deepEqual(specOf({ memoryGrowth: { factor: 2, max: "8Gi" } }).memoryGrowth, { factor: 2, max: "8Gi" });
  });

  const mistakes: readonly [what: string, options: object, message: RegExp][] = [
    ["an exit code that means success", { skipOn: [0] }, /skipOn/],
    ["an exit code that no process has", { failOn: [256] }, /failOn\.0: expected an exit code from 1 to 255/],
    ["a misspelt code", { failOn: ["OOMKiled"] }, /failOn\.0: 'OOMKiled' is no failure code; did you mean 'OOMKilled'\?/],
    ["a code of nobody", { retryOn: { codes: ["Tired"] } }, /retryOn\.codes\.0: 'Tired' is no failure code; docs/],
    ["less memory", { memoryGrowth: 0.5 }, /memoryGrowth/],
    ["a cap that is no quantity", { memoryGrowth: { factor: 2, max: "lots" } }, /memoryGrowth/],
    ["a budget below zero", { infraRetries: -1 }, /infraRetries/],
  ];
  for (const [what, options, message] of mistakes) it(`refuse ${what}`, () => assert.match(problemOf(options), message));
});
