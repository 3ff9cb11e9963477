import assert from "node:assert/strict";
import type { RunDetailReply, TaskReply } from "#contract/run.ts";
import { barsOf, ganttOf } from "../../../services/dashboard/web/run/gantt.ts";
import { ticksOf } from "../../../services/dashboard/web/run/ticks.ts";

const at = (second: number): string => new Date(second * 1_000).toISOString();
const LINKS = { logs: "", containers: {}, merged: "", kept: "" };

const task = (more: Partial<TaskReply>): TaskReply => ({
  id: "load",
  operator: "pod",
  upstream: [],
  state: "none",
  try: 0,
  maxTries: 2,
  infra: 0,
  tries: [],
  links: LINKS,
  ...more,
});

const tried = (
  number: number,
  from: number,
  to: number,
  more: Partial<TaskReply["tries"][number]> = {},
): TaskReply["tries"][number] => ({
  try: number,
  infra: 0,
  state: "failed",
  startedAt: at(from),
  endedAt: at(to),
  outcome: { result: "failed", code: "ExitCode", blame: "user", message: "" },
  links: LINKS,
  ...more,
});

describe("barsOf", () => {
  const table: readonly (readonly [what: string, task: Partial<TaskReply>, expected: readonly string[]])[] = [
    ["what has not begun has none", {}, []],
    ["the queue, up to now", { state: "queued", queuedAt: at(10) }, ["queued 10-100 open"]],
    [
      "queue, start and work of a try",
      { state: "success", queuedAt: at(10), tries: [tried(1, 20, 40, { state: "success", timeline: { startedAt: at(25) } })] },
      ["queued 10-20", "starting 20-25", "running 25-40"],
    ],
    ["a container that never ran was starting all the time", { state: "failed", tries: [tried(1, 20, 40)] }, ["starting 20-40"]],
    [
      "Kubernetes' whole seconds do not reach out of the try",
      { state: "failed", tries: [tried(1, 20, 40, { timeline: { startedAt: at(19) } })] },
      ["running 20-40"],
    ],
    [
      "the wait between tries",
      { state: "running", try: 2, queuedAt: at(10), startedAt: at(70), tries: [tried(1, 20, 40)] },
      ["queued 10-20", "starting 20-40", "retry 40-70", "running 70-100 open"],
    ],
    ["the wait for a try to come", { state: "up_for_retry", tries: [tried(1, 20, 40)] }, ["starting 20-40", "retry 40-100 open"]],
    [
      "a pod that is still starting",
      { state: "running", startedAt: at(90), note: { phase: "starting" } },
      ["starting 90-100 open"],
    ],
    [
      "queued again after a clear: when it was queued at first is not known",
      { state: "queued", queuedAt: at(80), tries: [tried(1, 20, 40)] },
      ["starting 20-40", "queued 80-100 open"],
    ],
    ["done by the scheduler", { operator: "empty", state: "success", startedAt: at(10), endedAt: at(10) }, ["running 10-10"]],
    ["instances", { state: "mapped", startedAt: at(10), instances: 3 }, ["running 10-100 open"]],
    [
      "no pod: no start of one",
      { operator: "noop", state: "success", tries: [tried(1, 20, 21, { state: "success" })] },
      ["running 20-21"],
    ],
  ];
  for (const [what, of, expected] of table) {
    it(what, () =>
      assert.deepEqual(
        barsOf(task(of), 100_000).map(
          ({ kind, fromMs, toMs, isOpen }) => `${kind} ${fromMs / 1_000}-${toMs / 1_000}${isOpen ? " open" : ""}`,
        ),
        expected,
      ),
    );
  }
});

describe("ganttOf", () => {
  it("puts tasks in the order in which they began, and ends with the run", () => {
    const run = {
      createdAt: at(0),
      startedAt: at(1),
      endedAt: at(50),
      tasks: [
        task({ id: "last" }),
        task({ id: "second", state: "success", tries: [tried(1, 20, 40)] }),
        task({ id: "first", state: "success", tries: [tried(1, 10, 30)] }),
      ],
    } as unknown as RunDetailReply;
    const { fromMs, toMs, rows } = ganttOf(run, 1_000_000);
    assert.deepEqual([fromMs, toMs], [1_000, 50_000]);
    assert.deepEqual(
      rows.map(row => row.task.id),
      ["first", "second", "last"],
    );
  });
});

describe("ticksOf", () => {
  const table: readonly (readonly [spanMs: number, expected: readonly number[]])[] = [
    [4_300, [0, 1_000, 2_000, 3_000, 4_000]],
    [90, [0, 20, 40, 60, 80]],
    [3_600_000, [0, 900_000, 1_800_000, 2_700_000, 3_600_000]],
  ];
  for (const [spanMs, expected] of table) it(`${spanMs} ms`, () => assert.deepEqual(ticksOf(spanMs, 5), expected));
});
