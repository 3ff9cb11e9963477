import assert from "node:assert/strict";
import { cancelled, failed, succeeded } from "#core/outcome.ts";
import { NOT_STARTED, type TaskRun } from "#core/run.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import { TaskSpec as TaskSpecSchema } from "#core/task-spec.ts";
import type { HeldJob, JobEnd } from "#queue/held-job.ts";
import { createLogger } from "#runtime/logger.ts";
import type { BeginAnswer, FinishedTry } from "#state/claim-store.ts";
import { type JobDeps, type Operator, runJob, type TryEnd, type TryRun } from "../../../services/worker/run-job.ts";

const WORKER_OPERATORS = ["pod", "noop", "trigger", "wait", "approval", "http", "resource"];
const NOW = 1_000_000;
const SIGNAL = new AbortController().signal;
const POD = { namespace: "ns", name: "p", uid: "u" };
const RETRY = { retries: 1, delayMs: 70 };

const specOf = (more: object = {}): TaskSpec =>
  TaskSpecSchema.parse({ id: "load", operator: "pod", pod: { image: "busybox" }, retry: RETRY, ...more });
const recordOf = (more: Partial<TaskRun> = {}): TaskRun => ({
  ...NOT_STARTED,
  state: "running",
  gen: 1,
  try: 1,
  epoch: 1,
  ...more,
});

interface Scene {
  answer?: BeginAnswer;
  /** The record that begin returns. */
  task?: TaskRun;
  /** null: the version is unknown. */
  spec?: TaskSpec | null;
  end?: TryEnd;
  finishes?: boolean;
  gen?: number;
  try?: number;
  epoch?: number;
  infraDelayMs?: number;
  isRead?: boolean;
}

/** Runs a job against fakes that write down what they are asked. */
async function play(scene: Scene) {
  const { answer = "ok", task = recordOf(), spec = specOf(), finishes = true, gen = 1, try: tryNumber = 1, epoch = 1 } = scene;
  const { end = { type: "ended", outcome: succeeded(), pod: POD } } = scene;
  const calls: string[] = [];
  const finished: FinishedTry[] = [];
  const began: TryRun[] = [];
  const said: string[] = [];
  const operator =
    (name: string): Operator =>
    async tryRun => {
      calls.push(name);
      began.push(tryRun);
      return end;
    };
  const deps: JobDeps = {
    claims: {
      begin: async () => {
        calls.push("begin");
        return { answer, task };
      },
      note: async () => true,
      finish: async (claim: FinishedTry) => {
        calls.push("finish");
        finished.push(claim);
        return finishes;
      },
    } as unknown as JobDeps["claims"],
    taskOf: async () =>
      spec
        ? { task: spec, podDefaults: undefined, dag: { id: "etl", tags: [] }, bundle: undefined, isRead: scene.isRead ?? false }
        : undefined,
    render: async (_, { task, podDefaults }) => ({ task, podDefaults }),
    operators: Object.fromEntries(WORKER_OPERATORS.map(name => [name, operator(name)])) as unknown as JobDeps["operators"],
    cancelTry: operator("cancelTry"),
    aftercare: () => calls.push("aftercare"),
    worker: "w",
    infraDelayMs: scene.infraDelayMs,
    now: () => NOW,
    log: createLogger("test", { level: "silent" }),
  };
  const job: HeldJob = {
    id: `etl~1~load~${gen}`,
    data: { dag: "etl", run: "etl~1", task: "load", gen, version: "v1", tryBase: 0 },
    try: tryNumber,
    epoch,
    progress: async () => undefined,
    log: async line => void said.push(line),
  };
  return { jobEnd: await runJob(job, SIGNAL, deps), calls: calls.join(" "), next: finished[0]?.next, finished, began, said };
}

const userError = failed("ExitCode", "user", "exit 1", 1);
const lost = failed("PodDeleted", "infra", "deleted by someone else");
const done: JobEnd = { type: "done" };

describe("runJob: what begin answers", () => {
  const table: readonly (readonly [answer: BeginAnswer, task: TaskRun, calls: string, end: JobEnd])[] = [
    ["ok", recordOf(), "begin pod finish", done],
    ["reopened", recordOf({ try: 2 }), "begin pod finish", done],
    ["cancel", recordOf(), "begin cancelTry finish", done],
    ["replay", recordOf({ state: "up_for_retry", outcome: userError }), "begin", { type: "retry", message: "ExitCode: exit 1" }],
    ["done", recordOf({ state: "success", outcome: succeeded() }), "begin", done],
    ["done", recordOf({ state: "cancelled", outcome: cancelled("by a user") }), "begin", done],
    ["done", recordOf({ state: "failed", outcome: userError }), "begin", { type: "failed", message: "ExitCode: exit 1" }],
    ["stale", recordOf({ gen: 2 }), "begin", done],
    ["early", NOT_STARTED, "begin", { type: "defer", delayMs: 1_000 }],
    ["gone", NOT_STARTED, "begin", done],
  ];
  for (const [answer, task, calls, end] of table) {
    it(`${answer}, the record ${task.state}: ${calls}, ${end.type}`, async () => {
      const scene = await play({ answer, task });
      assert.deepEqual([scene.calls, scene.jobEnd], [calls, end]);
    });
  }
});

describe("runJob: how a try ends", () => {
  const ended = (outcome: typeof userError): TryEnd => ({ type: "ended", outcome, pod: POD });
  const table: readonly (readonly [what: string, scene: Scene, record: Partial<TaskRun> | undefined, end: JobEnd])[] = [
    ["success", {}, { state: "success", infra: 0, endedAt: NOW }, done],
    [
      "a failure with a retry left",
      { end: ended(userError) },
      { state: "up_for_retry", try: 1, infra: 0, retryAt: NOW + 70 },
      { type: "retry", message: "ExitCode: exit 1", delayMs: 70 },
    ],
    [
      "the last failure",
      { end: ended(userError), try: 2, task: recordOf({ try: 2 }) },
      { state: "failed", try: 2 },
      { type: "failed", message: "ExitCode: exit 1" },
    ],
    [
      "a wrong configuration",
      { end: ended(failed("Invalid", "config", "no image")) },
      { state: "failed", try: 1 },
      { type: "failed", message: "Invalid: no image" },
    ],
    [
      "infrastructure's fault",
      { end: ended(lost) },
      { state: "restarting", try: 1, infra: 1, retryAt: NOW + 10_000 },
      { type: "defer", delayMs: 10_000 },
    ],
    [
      "infrastructure's fault, on a site with its own delay",
      { end: ended(lost), infraDelayMs: 0 },
      { state: "restarting", infra: 1, retryAt: NOW },
      { type: "defer", delayMs: 0 },
    ],
    [
      "infrastructure's fault with a spent budget fails the task and leaves its tries",
      { end: ended(lost), task: recordOf({ infra: 5 }), infraDelayMs: 0 },
      { state: "failed", infra: 5 },
      {
        type: "failed",
        message: "PodDeleted: deleted by someone else; the try was restarted 5 times, and its infraRetries are used up",
      },
    ],
    [
      "a cancel",
      { end: ended(cancelled("cancelled by a user")), answer: "cancel" },
      { state: "cancelled" },
      { type: "failed", message: "Cancelled: cancelled by a user" },
    ],
    [
      "a cluster that cannot take the pod",
      { end: { type: "postponed", delayMs: 15_000, code: "QuotaExceeded", message: "full" } },
      { state: "restarting", try: 1, infra: 0, retryAt: NOW + 15_000 },
      { type: "defer", delayMs: 15_000 },
    ],
    [
      "something outside that is not there yet",
      {
        end: { type: "deferred", delayMs: 30_000, code: "Waiting", message: "not there" },
        task: recordOf({ startedAt: 5, infra: 2 }),
      },
      { state: "deferred", try: 1, infra: 2, startedAt: 5, retryAt: NOW + 30_000 },
      { type: "defer", delayMs: 30_000 },
    ],
    ["told to stop", { end: { type: "stopped" } }, undefined, { type: "hand-back" }],
    [
      "a version without the task",
      { spec: null },
      { state: "failed" },
      { type: "failed", message: "SpecMissing: the DAG's version has no such task: version v1, task 'load'" },
    ],
    [
      "a task that is none of a worker's",
      { spec: TaskSpecSchema.parse({ id: "load", operator: "empty" }) },
      { state: "failed", infra: 0 },
      { type: "failed", message: "SpecMissing: the DAG's version has no such task: version v1, task 'load'" },
    ],
  ];
  for (const [what, scene, record, end] of table) {
    it(what, async () => {
      const { next, jobEnd } = await play(scene);
      const part = record && Object.fromEntries(Object.keys(record).map(key => [key, next?.[key as keyof TaskRun]]));
      assert.deepEqual([record ? part : next, jobEnd], [record, end]);
    });
  }

  it("keeps a try that a pod was started for, and none that was postponed", async () => {
    const failure = await play({ end: ended(userError), task: recordOf({ startedAt: 5, infra: 2 }) });
    assert.deepEqual(failure.finished[0]!.record, {
      try: 1,
      infra: 2,
      state: "up_for_retry",
      startedAt: 5,
      endedAt: NOW,
      worker: "w",
      outcome: userError,
      pod: POD,
    });
    const postponed = await play({ end: { type: "postponed", delayMs: 1, code: "QuotaExceeded", message: "" } });
    assert.equal(postponed.finished[0]!.record, undefined);
  });

  it("looks after log and pod once the outcome is recorded, and never when it was refused", async () => {
    const end: TryEnd = { type: "ended", outcome: userError, pod: POD, after: async () => undefined };
    const accepted = await play({ end });
    assert.equal(accepted.calls, "begin pod finish aftercare");
    const refused = await play({ end, finishes: false });
    assert.deepEqual([refused.calls, refused.jobEnd, refused.said], ["begin pod finish", done, []]);
    const postponed = await play({ end: { type: "postponed", delayMs: 1, code: "QuotaExceeded", message: "" }, finishes: false });
    assert.deepEqual(postponed.jobEnd, done);
  });
});

describe("runJob: whether a pod may be there already", () => {
  const table: readonly (readonly [what: string, scene: Scene, mayExist: boolean])[] = [
    ["a first claim", {}, false],
    ["a first claim of the next try", { try: 2, task: recordOf({ try: 2 }) }, false],
    ["a job that was taken before", { epoch: 2, task: recordOf({ epoch: 2 }) }, true],
    ["a restarted try", { task: recordOf({ infra: 1 }) }, true],
    ["the successor of a lost job", { gen: 2, task: recordOf({ gen: 2 }) }, true],
  ];
  for (const [what, scene, mayExist] of table) {
    it(`${what}: ${mayExist ? "yes" : "no"}`, async () => assert.equal((await play(scene)).began[0]!.mayExist, mayExist));
  }
});

describe("runJob: what later steps need", () => {
  it("counts tries anew after a clear", async () => {
    const bad: TryEnd = { type: "ended", outcome: userError };
    const { next } = await play({ try: 3, gen: 2, task: recordOf({ try: 3, gen: 2, floor: 2 }), end: bad });
    assert.deepEqual([next?.state, next?.floor], ["up_for_retry", 2]);
    const last = await play({ try: 4, gen: 2, task: recordOf({ try: 4, gen: 2, floor: 2 }), end: bad });
    assert.equal(last.next?.state, "failed");
  });

  it("shows the result in the record when the scheduler reads it", async () => {
    const end: TryEnd = { type: "ended", outcome: succeeded(), output: { files: ["a"] } };
    assert.deepEqual((await play({ end, isRead: true })).next?.output, { files: ["a"] });
    assert.equal((await play({ end })).next?.output, undefined);
  });
});
