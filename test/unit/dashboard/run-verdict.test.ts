import assert from "node:assert/strict";
import { failed } from "#core/outcome.ts";
import { NOT_STARTED, newRun, type Run, type TaskRun } from "#core/run.ts";
import { TaskSpec } from "#core/task-spec.ts";
import { runVerdict } from "../../../services/dashboard/run-verdict.ts";

const spec = (id: string, retries = 0) => TaskSpec.parse({ id, operator: "noop", retry: { retries } });
const run = (state: Run["state"], tasks: Readonly<Record<string, Partial<TaskRun>>>): Run => ({
  ...newRun({ id: "d~1", dagId: "d", version: "v", trigger: { kind: "api" }, conf: {}, createdAt: 0 }),
  state,
  tasks: new Map(Object.entries(tasks).map(([id, task]) => [id, { ...NOT_STARTED, ...task }])),
});
const bad = (code: string, message: string, exitCode?: number, evidence?: string) => ({
  state: "failed" as const,
  outcome: { ...failed(code, "user", message, exitCode), ...(evidence === undefined ? {} : { evidence }) },
});

describe("runVerdict", () => {
  const table: readonly (readonly [what: string, run: Run, sentence: string, firstFailed?: string])[] = [
    [
      "a container that could not start",
      run("failed", {
        a: { state: "success", try: 1 },
        b: {
          ...bad(
            "StartError",
            "its container could not start",
            128,
            'exitCode: 128, reason: StartError, message: failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "python": not found: unknown, finishedAt: 2026-11-25T01:02:10Z',
          ),
          try: 2,
          endedAt: 5,
        },
        c: { state: "upstream_failed" },
      }),
      'b failed: its container could not start — exec: "python": not found (StartError, exit 128), try 2 of 2; 1 task did not run because of it',
      "b",
    ],
    [
      "an exit code, which the sentence says already, and evidence that says nothing more",
      run("failed", {
        b: {
          ...bad(
            "ExitCode",
            "the program exited with 1",
            1,
            "exitCode: 1, reason: Error, startedAt: 2026-11-25T01:02:10Z, finishedAt: 2026-11-25T01:02:10Z",
          ),
          try: 1,
        },
      }),
      "b failed: the program exited with 1 (ExitCode), try 1 of 2",
      "b",
    ],
    [
      "what failed first, among several",
      run("failed", { a: { ...bad("X", "later"), try: 1, endedAt: 9 }, c: { ...bad("Y", "earlier"), try: 1, endedAt: 3 } }),
      "c failed: earlier (Y); 1 other failed, too",
      "c",
    ],
    [
      "instances in the place of their task",
      run("failed", {
        a: { state: "failed", count: 100 },
        "a@3": { ...bad("OOMKilled", "out of memory", 137), try: 1, endedAt: 3 },
        "a@9": { ...bad("OOMKilled", "out of memory", 137), try: 1, endedAt: 4 },
      }),
      "a@3 failed: out of memory (OOMKilled, exit 137); 2 of 100 instances failed",
      "a@3",
    ],
    [
      "a person's mark",
      run("failed", { a: { state: "failed", reason: { code: "marked", by: "ada" } } }),
      "a failed: marked failed by ada",
      "a",
    ],
    [
      "all well",
      run("success", { a: { state: "success", try: 1 }, b: { state: "success", try: 1 }, c: { state: "success", try: 1 } }),
      "All 3 tasks succeeded",
    ],
    [
      "a retry is not hidden in a green run",
      run("success", { a: { state: "success", try: 1 }, b: { state: "success", try: 2 }, c: { state: "skipped" } }),
      "2 of 3 tasks succeeded; 1 skipped; b needed more than one try",
    ],
    [
      "tries before a clear are forgiven",
      run("success", { a: { state: "success", try: 2, floor: 1 }, b: { state: "success" }, c: { state: "success" } }),
      "All 3 tasks succeeded",
    ],
    ["under way", run("running", { a: { state: "success" }, b: { state: "running" } }), "1 of 3 tasks done, 1 running"],
    [
      "under way, and broken already",
      run("running", { a: { ...bad("X", "no"), try: 1 }, b: { state: "running" } }),
      "a failed: no (X); so far 1 of 3 tasks done, 1 running",
      "a",
    ],
    [
      "cancelled",
      run("cancelled", { a: { state: "success" }, b: { state: "cancelled" }, c: { state: "cancelled" } }),
      "Cancelled: 3 of 3 tasks done",
    ],
    ["not begun", run("queued", {}), "Waits to be started"],
  ];
  for (const [what, of, sentence, firstFailed] of table) {
    it(what, () => {
      const verdict = runVerdict(of, [spec("a"), spec("b", 1), spec("c")]);
      assert.equal(verdict.sentence, sentence);
      assert.equal(verdict.firstFailed, firstFailed);
    });
  }
});
