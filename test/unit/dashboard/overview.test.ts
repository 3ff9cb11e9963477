import assert from "node:assert/strict";
import { type DagSpec, DagSpec as Spec } from "#core/dag-spec.ts";
import type { DagRow } from "#state/dag-store.ts";
import { type Failure, failureGroups } from "../../../services/dashboard/overview/failure-groups.ts";
import { NextTicks } from "../../../services/dashboard/overview/next-ticks.ts";
import type { RunLine } from "../../../services/dashboard/overview/run-lines.ts";
import { runStats } from "../../../services/dashboard/overview/run-stats.ts";

const HOUR = 3_600_000;
const run = (id: string, state: RunLine["state"], hour: number, more: Partial<RunLine> = {}): RunLine => ({
  id,
  dagId: id.split("~")[0]!,
  version: "v",
  state,
  kind: "schedule",
  createdAt: hour * HOUR,
  startedAt: hour * HOUR,
  endedAt: hour * HOUR + 60_000,
  ...more,
});
const failure = (taskId: string, code: string, hour: number, message = "no"): Failure => ({
  taskId,
  code,
  blame: "user",
  message,
  at: hour * HOUR,
});

describe("overview: failures as groups", () => {
  const groupsOf = (failed: readonly (readonly [RunLine, readonly Failure[]])[], others: readonly RunLine[] = []) =>
    failureGroups(
      failed.map(([line, failures]) => ({ run: line, failures })),
      dagId =>
        [...failed.map(([line]) => line), ...others]
          .filter(line => line.dagId === dagId)
          .sort((a, b) => b.createdAt - a.createdAt),
    );

  it("are one for each task and code, with how often, since when and the last run", () => {
    const groups = groupsOf([
      [run("a~3", "failed", 3), [failure("load", "ExitCode", 3, "the last"), failure("check", "OOMKilled", 3)]],
      [run("a~1", "failed", 1), [failure("load", "ExitCode", 1, "the first")]],
      [run("b~2", "failed", 2), [failure("load", "ExitCode", 2)]],
    ]);
    assert.deepEqual(
      groups.map(({ dagId, taskId, code, count, firstAt, lastAt, runId }) => [
        dagId,
        taskId,
        code,
        count,
        firstAt / HOUR,
        lastAt / HOUR,
        runId,
      ]),
      [
        ["a", "load", "ExitCode", 2, 1, 3, "a~3"],
        ["a", "check", "OOMKilled", 1, 3, 3, "a~3"],
        ["b", "load", "ExitCode", 1, 2, 2, "b~2"],
      ],
    );
    assert.equal(groups[0]?.message, "the last");
  });

  it("speak of the youngest run, in whatever order they come", () => {
    const failed = [
      [run("a~1", "failed", 1), [failure("load", "ExitCode", 1, "the first")]],
      [run("a~3", "failed", 3), [failure("load", "ExitCode", 3, "the last")]],
    ] as const;
    const both = [groupsOf(failed), groupsOf(failed.toReversed())];
    assert.deepEqual(both[0], both[1]);
    assert.deepEqual([both[0]?.[0]?.message, both[0]?.[0]?.runId], ["the last", "a~3"]);
  });

  for (const [name, other, isOver] of [
    ["a younger success", run("a~9", "success", 9), true],
    ["an older success", run("a~0", "success", 0), false],
    ["a younger failure", run("a~9", "failed", 9), false],
    ["another DAG's success", run("b~9", "success", 9), false],
    ["a backfill of another day", run("a~9", "success", 9, { kind: "backfill", logicalAt: 5 }), false],
    ["a backfill of the same day", run("a~9", "success", 9, { kind: "backfill", logicalAt: 7 }), true],
  ] as const)
    it(`${isOver ? "are" : "are not"} over after ${name}`, () => {
      const groups = groupsOf([[run("a~3", "failed", 3, { logicalAt: 7 }), [failure("load", "ExitCode", 3)]]], [other]);
      assert.equal(groups[0]?.recoveredAt !== undefined, isOver);
    });

  it("come last when they are over", () => {
    const groups = groupsOf(
      [
        [run("a~3", "failed", 3), [failure("load", "ExitCode", 3)]],
        [run("b~1", "failed", 1), [failure("load", "ExitCode", 1)]],
      ],
      [run("a~4", "success", 4)],
    );
    assert.deepEqual(
      groups.map(({ dagId }) => dagId),
      ["b", "a"],
    );
  });
});

describe("overview: what the last runs tell", () => {
  const took = (seconds: number): RunLine => run("a~1", "success", 0, { startedAt: 0, endedAt: seconds * 1_000 });
  for (const [name, lines, expected] of [
    ["no run", [], {}],
    ["only a run under way", [run("a~1", "running", 1)], {}],
    ["a cancelled run counts for nothing", [run("a~1", "cancelled", 1)], {}],
    ["only failures", [run("a~1", "failed", 1)], { successRate: 0 }],
    [
      "three of four",
      [took(10), took(30), took(20), run("a~2", "failed", 1)],
      { successRate: 0.75, p50Ms: 20_000, p95Ms: 30_000 },
    ],
  ] as const)
    it(name, () => assert.deepEqual(runStats(lines), expected));
});

describe("overview: the next ticks", () => {
  const spec = (input: Partial<DagSpec>): DagSpec => Spec.parse({ id: "a", tasks: [{ id: "t", operator: "noop" }], ...input });
  const row = (more: Partial<DagRow> = {}): DagRow => ({
    id: "a",
    version: "v",
    file: "a.ts",
    paused: false,
    publishedAt: 0,
    tags: [],
    timezone: "UTC",
    taskCount: 1,
    schedule: { everyMs: HOUR },
    ...more,
  });
  const scene = (found: DagSpec) => {
    const reads: string[] = [];
    const clock = { now: 10 * HOUR + 1 };
    const ticks = new NextTicks({
      now: () => clock.now,
      horizons: { get: async () => undefined },
      dags: {
        getSpec: async (version: string) => {
          reads.push(version);
          return found;
        },
      } as never,
    });
    return { ticks, clock, reads };
  };

  it("are those of two hours, worked out once for each version", async () => {
    const { ticks, clock, reads } = scene(spec({ schedule: { everyMs: HOUR } }));
    assert.deepEqual((await ticks.of([row()])).get("a"), [11 * HOUR, 12 * HOUR]);
    await ticks.of([row()]);
    clock.now = 11 * HOUR;
    assert.deepEqual((await ticks.of([row()])).get("a"), [12 * HOUR, 13 * HOUR]);
    assert.deepEqual(reads, ["v"]);
    await ticks.of([row({ version: "w" })]);
    assert.deepEqual(reads, ["v", "w"]);
  });
  it("have the next one, however far away it is", async () => {
    const { ticks } = scene(spec({ schedule: { at: [100 * HOUR, 200 * HOUR] } }));
    assert.deepEqual((await ticks.of([row({ schedule: { at: [100 * HOUR] } })])).get("a"), [100 * HOUR]);
  });
  for (const [name, change] of [
    ["paused", { paused: true }],
    ["removed", { removedAt: 1 }],
  ] as const)
    it(`has none of a DAG that is ${name}`, async () => {
      const { ticks, reads } = scene(spec({ schedule: { everyMs: HOUR } }));
      assert.deepEqual([(await ticks.of([row(change)])).size, reads], [0, []]);
    });
});
