import assert from "node:assert/strict";
import type { RunDetailReply, TaskReply } from "#contract/run.ts";
import { renderRunTree } from "../../../services/cli/output/run-tree.ts";

const AT = Date.parse("2026-11-24T12:00:10.000Z");

type Shape = Partial<TaskReply> & { id: string };

const task = ({ id, upstream = [], state = "success", ...more }: Shape): TaskReply =>
  ({ id, operator: "pod", upstream, state, try: 0, maxTries: 1, infra: 0, tries: [], ...more }) as unknown as TaskReply;

const run = (shapes: readonly Shape[], state = "running"): RunDetailReply =>
  ({
    id: "etl~1",
    state,
    createdAt: "2026-11-24T12:00:00.000Z",
    startedAt: "2026-11-24T12:00:00.000Z",
    tasks: shapes.map(task),
  }) as unknown as RunDetailReply;

const many = (count: number, shape: (at: number) => Partial<TaskReply>): Shape[] =>
  Array.from({ length: count }, (_, at) => ({ id: `load@${at}`, upstream: ["split"], ...shape(at) }));

describe("renderRunTree", () => {
  it("draws a task under its first upstream, with what it waits for or how it ended", () => {
    const lines = renderRunTree(
      run([
        { id: "a" },
        { id: "b", upstream: ["a"], state: "up_for_retry", try: 1, maxTries: 3, retryAt: "2026-11-24T12:00:40.000Z" },
        { id: "d", upstream: ["b"], state: "none" },
        { id: "c", upstream: ["a"], state: "failed", outcome: { code: "ExitCode", exitCode: 3 } as TaskReply["outcome"] },
      ]),
      { now: AT },
    );
    assert.deepEqual(lines, [
      "etl~1  running  10s",
      "└─ ✔ a  success",
      "   ├─ ↻ b  up_for_retry  try 1 of 3  next try in 30s",
      "   │  └─ · d  none",
      "   └─ ✘ c  failed  ExitCode (exit 3)",
    ]);
  });

  it("folds quiet siblings first and leaves the loud ones", () => {
    const shapes = [
      { id: "split" },
      ...many(1_000, at => ({ state: at === 500 ? "failed" : at === 700 ? "running" : "success" })),
    ];
    assert.deepEqual(renderRunTree(run(shapes), { now: AT, maxRows: 40 }), [
      "etl~1  running  10s",
      "└─ ✔ split  success",
      "   ├─ ✔ load@0  and 997 more  success",
      "   ├─ ✘ load@500  failed",
      "   └─ ▶ load@700  running",
    ]);
  });

  it("does not fold what fits", () => {
    const shapes = [{ id: "split" }, ...many(38, () => ({}))];
    assert.equal(renderRunTree(run(shapes), { now: AT, maxRows: 40 }).length, 40);
  });

  it("folds loud siblings when there are too many of them", () => {
    const lines = renderRunTree(run([{ id: "split" }, ...many(100, () => ({ state: "failed" }))]), { now: AT, maxRows: 40 });
    assert.deepEqual(lines.slice(2), ["   └─ ✘ load@0  and 99 more  failed"]);
  });

  it("folds whole branches that are in one state", () => {
    const chains = Array.from({ length: 30 }, (_, at): Shape[] => [
      { id: `a${at}`, state: at === 7 ? "failed" : "success" },
      { id: `b${at}`, upstream: [`a${at}`], state: at === 7 ? "upstream_failed" : "success" },
    ]).flat();
    assert.deepEqual(renderRunTree(run(chains), { now: AT, maxRows: 40 }).slice(1), [
      "├─ ✔ a0  and 57 more  success",
      "└─ ✘ a7  failed",
      "   └─ ⊘ b7  upstream_failed",
    ]);
  });

  it("keeps the rows that matter most when nothing else helps", () => {
    const chains = Array.from({ length: 60 }, (_, at): Shape[] => [
      { id: `a${at}`, state: "success" },
      { id: `b${at}`, upstream: [`a${at}`], state: at === 50 ? "failed" : "running" },
    ]).flat();
    const lines = renderRunTree(run(chains), { now: AT, maxRows: 10 });
    assert.equal(lines.length, 11);
    assert.ok(lines.some(line => line.includes("✘ b50  failed")));
    assert.equal(lines.at(-1), "└─ … and 60 success, 51 running");
  });

  it("never has more rows than it may, and accounts for every task", () => {
    for (const maxRows of [5, 12, 40])
      for (const count of [1, 39, 40, 41, 333]) {
        const states = ["success", "failed", "running", "none", "skipped"] as const;
        const shapes = [{ id: "split" }, ...many(count, at => ({ state: states[at % 5]! }))];
        const lines = renderRunTree(run(shapes), { now: AT, maxRows }).slice(1);
        assert.ok(lines.length <= maxRows, `${lines.length} rows of ${maxRows}`);
        const told = lines.map(line =>
          line.includes("…")
            ? [...line.matchAll(/(\d+) [a-z]/g)].reduce((sum, [, number]) => sum + Number(number), 0)
            : 1 + Number(/and (\d+) more/.exec(line)?.[1] ?? 0),
        );
        assert.equal(
          told.reduce((sum, number) => sum + number, 0),
          count + 1,
        );
      }
  });
});
