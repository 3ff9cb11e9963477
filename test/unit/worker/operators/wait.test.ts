import assert from "node:assert/strict";
import type { LookDeps } from "../../../../services/worker/operators/looks.ts";
import { waitOperator } from "../../../../services/worker/operators/wait.ts";
import { CALM, NOW, tryRunOf } from "./try-run.ts";

const HOUR_MS = 3_600_000;
type RunRow = { id: string; state: string; logicalAt?: number; createdAt?: number };

interface World {
  runs?: RunRow[];
  tasks?: Record<string, string>;
  updatedAt?: number;
}

/** The own run is etl~1, created at NOW, for the logical date an hour before. */
async function look(spec: object, { runs = [], tasks = {}, updatedAt }: World = {}, more: object = {}, begunAt = NOW) {
  const own: RunRow = { id: "etl~1", state: "running", logicalAt: NOW - HOUR_MS, createdAt: NOW };
  const deps = {
    runs: {
      getSummary: async (id: string) => [own, ...runs].find(run => run.id === id),
      getTask: async (run: string, task: string) =>
        tasks[`${run} ${task}`] === undefined ? undefined : { state: tasks[`${run} ${task}`] },
      listRuns: async () => runs,
    },
    assets: { lastUpdate: async () => updatedAt },
    httpEnabled: false,
    authorization: () => undefined,
    now: () => NOW,
  } as unknown as LookDeps;
  const end = await waitOperator(deps)(tryRunOf({ operator: "wait", for: spec, ...more }, { begunAt }), CALM);
  if (end.type === "ended") return `${end.outcome.result} ${end.outcome.code}`;
  return end.type === "deferred" ? `deferred ${end.delayMs} ${end.message}` : end.type;
}

const nightly = "nightly~20260131T050000Z";
const otherRun = (state: string, id = nightly): RunRow => ({ id, state, logicalAt: NOW - HOUR_MS });

describe("a wait", () => {
  const table: readonly (readonly [what: string, said: Promise<string> | (() => Promise<string>), expected: string])[] = [
    [
      "for a time to come",
      () => look({ kind: "time", until: "2026-01-31T06:00:40Z" }),
      "deferred 40000 until 2026-01-31T06:00:40.000Z, in 40s",
    ],
    ["for a time that is past", () => look({ kind: "time", until: "2026-01-31T05:59:00Z" }), "success Completed"],
    [
      "for a time a day away looks again before",
      () => look({ kind: "time", until: "2026-02-01T06:00:00Z" }),
      "deferred 3600000 until 2026-02-01T06:00:00.000Z, in 1d",
    ],
    [
      "for a while from its first claim",
      () => look({ kind: "time", afterMs: 5_000 }, {}, {}, NOW - 4_000),
      "deferred 1000 until 2026-01-31T06:00:01.000Z, in 1s",
    ],
    ["for a time that is none", () => look({ kind: "time", until: "soon" }), "failed WaitInvalid"],
    [
      "for a run that is not there",
      () => look({ kind: "run", dag: "nightly" }),
      "deferred 30000 nightly has no run of 2026-01-31T05:00:00.000Z",
    ],
    [
      "for a run under way",
      () => look({ kind: "run", dag: "nightly" }, { runs: [otherRun("running")] }),
      `deferred 30000 run ${nightly} is running`,
    ],
    [
      "for a run that succeeded",
      () => look({ kind: "run", dag: "nightly" }, { runs: [otherRun("success")] }),
      "success Completed",
    ],
    [
      "for a run that failed, which may be cleared",
      () => look({ kind: "run", dag: "nightly" }, { runs: [otherRun("failed")] }),
      `deferred 30000 run ${nightly} is failed`,
    ],
    [
      "for a run's failure",
      () => look({ kind: "run", dag: "nightly", states: ["failed"] }, { runs: [otherRun("failed")] }),
      "success Completed",
    ],
    [
      "for a backfill's run",
      () => look({ kind: "run", dag: "nightly" }, { runs: [otherRun("success", "nightly~b-1")] }),
      "success Completed",
    ],
    [
      "for a run an hour earlier",
      () => look({ kind: "run", dag: "nightly", offsetMs: HOUR_MS }, { runs: [otherRun("success")] }),
      "deferred 30000 nightly has no run of 2026-01-31T04:00:00.000Z",
    ],
    [
      "for a task of it",
      () =>
        look({ kind: "run", dag: "nightly", task: "a" }, { runs: [otherRun("running")], tasks: { [`${nightly} a`]: "success" } }),
      "success Completed",
    ],
    [
      "for a task of it that has not begun",
      () => look({ kind: "run", dag: "nightly", task: "a" }, { runs: [otherRun("running")] }),
      `deferred 30000 task a of run ${nightly} is none`,
    ],
    [
      "for an asset nobody has made",
      () => look({ kind: "asset", asset: "s3://x" }),
      "deferred 30000 s3://x was not updated since the run was created",
    ],
    [
      "for an asset that was updated before",
      () => look({ kind: "asset", asset: "s3://x" }, { updatedAt: NOW }),
      "deferred 30000 s3://x was not updated since the run was created",
    ],
    [
      "for an asset that was updated since",
      () => look({ kind: "asset", asset: "s3://x" }, { updatedAt: NOW + 1 }),
      "success Completed",
    ],
    ["for a server where workers send nothing", () => look({ kind: "http", request: { url: "http://x" } }), "failed WaitInvalid"],
    [
      "its own rhythm",
      () => look({ kind: "asset", asset: "a" }, {}, { everyMs: 5_000 }),
      "deferred 5000 a was not updated since the run was created",
    ],
    [
      "its time nearly up",
      () => look({ kind: "asset", asset: "a" }, {}, { timeoutMs: 60_000 }, NOW - 59_000),
      "deferred 1000 a was not updated since the run was created",
    ],
    ["its time up", () => look({ kind: "asset", asset: "a" }, {}, { timeoutMs: 60_000 }, NOW - 60_000), "failed WaitTimeout"],
    [
      "its time up, softly",
      () => look({ kind: "asset", asset: "a" }, {}, { timeoutMs: 60_000, softFail: true }, NOW - 60_000),
      "skipped Skipped",
    ],
    [
      "its time up, and there at the last look",
      () => look({ kind: "asset", asset: "a" }, { updatedAt: NOW + 1 }, { timeoutMs: 1 }, NOW - 60_000),
      "success Completed",
    ],
  ];
  for (const [what, said, expected] of table) {
    it(`${what}: ${expected}`, async () => assert.equal(await (typeof said === "function" ? said() : said), expected));
  }
});
