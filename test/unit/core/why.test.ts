import assert from "node:assert/strict";
import { Admission } from "#core/admission/admission.ts";
import { DagSpec, type DagSpecInput } from "#core/dag-spec.ts";
import { type Graph, indexDag } from "#core/graph.ts";
import { failed } from "#core/outcome.ts";
import type { Pool } from "#core/pool.ts";
import { REASON_CODES, type Reason, type ReasonCode } from "#core/reason.ts";
import { newRun, type Run, type TaskRun, type TaskState } from "#core/run.ts";
import { type WhyView, why } from "#core/why.ts";
import { type WhyNoRunView, whyNoRun } from "#core/why-no-run.ts";

const NOW = Date.UTC(2026, 10, 24, 12);
const MINUTE_MS = 60_000;

const DAG: DagSpecInput = {
  id: "etl",
  maxActiveRuns: 16,
  tasks: [
    { id: "extract", operator: "noop" },
    { id: "load", operator: "noop", upstream: ["extract"], queue: "gpu" },
    { id: "either", operator: "noop", upstream: ["extract", "load"], triggerRule: "one_success" },
    { id: "ask", operator: "approval", question: "ship it?" },
    { id: "wait", operator: "wait", for: { kind: "time", afterMs: 1 } },
    { id: "many", operator: "noop", map: { over: [1, 2, 3], maxActive: 2 } },
    { id: "clean", operator: "noop", upstream: ["load"], teardown: { of: ["extract"] } },
  ],
};

const task = (state: TaskState, more: Partial<TaskRun> = {}): TaskRun => ({ state, gen: 1, try: 1, epoch: 1, infra: 0, ...more });

interface Situation {
  tasks?: Record<string, TaskRun>;
  run?: Partial<Run>;
  view?: Partial<WhyView>;
}

function viewOf(taskId: string, { tasks = {}, run = {}, view = {} }: Situation): WhyView {
  const graph = indexDag(DagSpec.parse(DAG));
  const header = { id: "etl~1", dagId: "etl", version: "v", trigger: { kind: "manual" as const }, conf: {}, createdAt: 1 };
  return {
    at: NOW,
    run: { ...newRun(header), state: "running", tasks: new Map(Object.entries(tasks)), ...run },
    graph,
    taskId,
    isLed: true,
    activeRuns: 0,
    gate: [],
    queues: new Map([["gpu", { held: 1, capacity: 20 }]]),
    ...view,
  };
}

/** What the admission says in a situation of limits: a run beside others, with pools. */
function gateOf(dag: Partial<DagSpecInput>, pools: Pool[], others: Record<string, TaskRun>[], own: Record<string, TaskRun>) {
  const admission = new Admission();
  admission.setPools(pools, []);
  const graph: Graph = indexDag(DagSpec.parse({ ...DAG, ...dag }));
  for (const [i, tasks] of [...others, own].entries()) {
    const header = { id: `etl~${i}`, dagId: "etl", version: "v", trigger: { kind: "manual" as const }, conf: {}, createdAt: i };
    admission.remember({ ...newRun(header), state: "running", tasks: new Map(Object.entries(tasks)) }, graph);
  }
  return admission.reasons(`etl~${others.length}`, "load");
}

const tasksWith = (load: object) =>
  DAG.tasks.map(one => (one.id === "load" ? { ...one, ...load } : one)) as DagSpecInput["tasks"];
const waits = { load: task("scheduled", { readyAt: NOW }) };
const gated = (dag: Partial<DagSpecInput>, pools: Pool[], ...others: Record<string, TaskRun>[]): Situation => ({
  tasks: waits,
  view: { gate: gateOf(dag, pools, others, waits) },
});
const quota = { phase: "waiting", code: "QuotaExceeded", message: "exceeded quota: compute" };
const outcome = failed("ExitCode", "user", 'container "main" ended with exit code 1', 1);

/** Made situations: the task asked for, and every sentence of the answer. */
const SITUATIONS: readonly (readonly [what: string, taskId: string, situation: Situation, sentences: readonly string[]])[] = [
  ["its upstream runs", "load", { tasks: { extract: task("running") } }, ["upstream extract is running"]],
  [
    "its rule needs more",
    "either",
    { tasks: { extract: task("skipped"), load: task("queued") } },
    ["its rule one_success does not hold yet: 1 of 2 upstreams have ended", "upstream load is queued"],
  ],
  ["a teardown waits for what is before it", "clean", {}, ["upstream load is none"]],
  [
    "the run waits for other runs",
    "extract",
    { run: { state: "queued" }, view: { activeRuns: 16 } },
    ["the run waits: maxActiveRuns 16/16"],
  ],
  ["the run is about to start", "extract", { run: { state: "queued" } }, ["the run is about to start"]],
  ["the run was stopped", "load", { run: { cancelAt: NOW } }, ["the run was stopped 2026-11-24T12:00:00Z"]],
  [
    "the pool is full",
    "load",
    gated({ tasks: tasksWith({ pool: "etl" }) }, [{ name: "etl", slots: 1 }], { load: task("running") }),
    ["pool etl 1/1"],
  ],
  ["there is no such pool", "load", gated({ tasks: tasksWith({ pool: "none" }) }, []), ["there is no pool none"]],
  [
    "the pool is too small",
    "load",
    gated({ tasks: tasksWith({ pool: "etl", poolSlots: 9 }) }, [{ name: "etl", slots: 8 }]),
    ["it wants 9 slots, and pool etl has 8"],
  ],
  [
    "the DAG has too many tasks under way",
    "load",
    gated({ maxActiveTasks: 1 }, [], { extract: task("queued") }),
    ["maxActiveTasks of the DAG 1/1"],
  ],
  [
    "the task has",
    "load",
    gated({ tasks: tasksWith({ maxActive: 1 }) }, [], { load: task("up_for_retry") }),
    ["maxActive of the task 1/1"],
  ],
  [
    "the run before is not as far",
    "load",
    gated({ tasks: tasksWith({ dependsOnPast: true }) }, [], { load: task("failed") }),
    ["it depends on past run etl~0: load is failed there"],
  ],
  ["nothing holds it back", "load", { tasks: waits }, ["nothing holds it back: it is about to go into its queue"]],
  [
    "no scheduler leads",
    "load",
    { tasks: { extract: task("success") }, view: { isLed: false } },
    ["no scheduler leads: nothing is started until one does", "the run is about to start"],
  ],
  [
    "no worker takes from its queue",
    "load",
    { tasks: { load: task("queued") }, view: { queues: new Map([["pods", { held: 0, capacity: 1 }]]) } },
    ["no worker consumes queue gpu"],
  ],
  [
    "the queue's workers are full",
    "load",
    { tasks: { load: task("queued") }, view: { queues: new Map([["gpu", { held: 20, capacity: 20 }]]) } },
    ["the workers of queue gpu are full: 20/20"],
  ],
  ["it waits in its queue", "load", { tasks: { load: task("queued") } }, ["it waits in queue gpu for a worker"]],
  [
    "it runs",
    "load",
    {
      tasks: { load: task("running", { worker: "w1" }) },
      view: { note: { phase: "starting", code: "ErrImagePull", message: "no" } },
    },
    ["worker w1 runs it (starting)", "waiting for the cluster: ErrImagePull: no"],
  ],
  [
    "the cluster has no quota for it",
    "load",
    { tasks: { load: task("restarting", { retryAt: NOW }) }, view: { note: quota } },
    ["waiting for the cluster: QuotaExceeded: exceeded quota: compute"],
  ],
  [
    "its node went away",
    "load",
    { tasks: { load: task("restarting", { retryAt: NOW + 10_000 }) } },
    ["the same try starts again in 10s"],
  ],
  [
    "it waits for its next try",
    "load",
    { tasks: { load: task("up_for_retry", { retryAt: NOW + 3 * MINUTE_MS, outcome }) } },
    ['retry in 3m, after try 1: container "main" ended with exit code 1'],
  ],
  ["somebody has to decide", "ask", { tasks: { ask: task("deferred") } }, ["approval awaited: ship it?"]],
  [
    "what it waits for is not so",
    "wait",
    { tasks: { wait: task("deferred", { retryAt: NOW + MINUTE_MS }) }, view: { note: { message: "12:30" } } },
    ["12:30 is not so yet; it looks again in 1m"],
  ],
  [
    "its instances run",
    "many",
    { tasks: { many: task("mapped", { count: 3 }), "many@0": task("success"), "many@1": task("running") } },
    ["1 of its 3 instances have ended"],
  ],
  [
    "as many instances as may be are under way",
    "many@2",
    { tasks: { many: task("mapped", { count: 3 }), "many@0": task("queued"), "many@1": task("running") } },
    ["maxActive of the map 2/2"],
  ],
  [
    "it was cleared and waits again",
    "load",
    { tasks: { extract: task("queued") }, view: { clearedBy: "ann" } },
    ["upstream extract is queued", "cleared by ann"],
  ],
  [
    "a person marked it",
    "load",
    { tasks: { load: task("success", { reason: { code: "marked", by: "ann" } }) } },
    ["marked success by ann"],
  ],
  [
    "a branch did not choose it",
    "load",
    { tasks: { load: task("skipped", { reason: { code: "not-chosen", detail: "extract" } }) } },
    ["skipped (not-chosen): extract"],
  ],
  [
    "what is before it has failed",
    "load",
    { tasks: { extract: task("failed"), load: task("upstream_failed") } },
    ["upstream extract is failed"],
  ],
  [
    "it has failed",
    "load",
    { tasks: { load: task("failed", { outcome }) } },
    ['it has ended (failed): container "main" ended with exit code 1'],
  ],
  ["the run has ended", "load", { run: { state: "cancelled" } }, ["the run has ended (cancelled)"]],
];

const FROM = Date.UTC(2026, 11, 1);
const NO_RUN: readonly (readonly [what: string, view: Partial<WhyNoRunView>, sentences: readonly string[]])[] = [
  ["it has no schedule", { spec: {} }, ["the DAG has no schedule: its runs are started by hand"]],
  ["it is paused", { paused: true }, ["the DAG is paused: its schedule starts no runs"]],
  [
    "its schedule starts later",
    { spec: { schedule: { cron: ["0 0 * * *"] }, startAt: FROM }, nextAt: FROM },
    ["the schedule starts 2026-12-01T00:00:00Z", "the next run starts 2026-12-01T00:00:00Z"],
  ],
  [
    "its schedule has ended",
    { spec: { schedule: { cron: ["0 0 * * *"] }, endAt: NOW - 1_000 } },
    ["the schedule ended 2026-11-24T11:59:59Z"],
  ],
  ["its tick has not come", { nextAt: NOW + 1_000 }, ["the next run starts 2026-11-24T12:00:01Z"]],
];

describe("why", () => {
  const seen = new Set<ReasonCode>();
  const sentences = (reasons: readonly Reason[] | undefined): string[] => {
    for (const { code } of reasons ?? []) seen.add(code);
    return (reasons ?? []).map(({ sentence }) => sentence);
  };

  for (const [what, taskId, situation, expected] of SITUATIONS) {
    it(`says that ${what}`, () => assert.deepEqual(sentences(why(viewOf(taskId, situation))), expected));
  }

  for (const [what, view, expected] of NO_RUN) {
    it(`says of a DAG that ${what}`, () => {
      const usual = { at: NOW, spec: { schedule: { cron: ["0 0 * * *"] } }, paused: false, nextAt: undefined };
      assert.deepEqual(sentences(whyNoRun({ ...usual, ...view })), expected);
    });
  }

  it("carries the values that its sentence is made of", () => {
    const [first] = why(viewOf("load", { tasks: { extract: task("running") } }))!;
    assert.deepEqual(first, {
      code: "upstream",
      sentence: "upstream extract is running",
      values: { task: "extract", state: "running" },
    });
  });

  it("knows no task that the run does not have", () => assert.equal(why(viewOf("nobody", {})), undefined));

  it("has been asked for every reason but those that the tests of the admission ask for", () => {
    assert.deepEqual(
      REASON_CODES.filter(code => !seen.has(code)),
      ["run-tasks-limit", "behind"],
    );
  });
});
