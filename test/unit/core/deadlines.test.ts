import assert from "node:assert/strict";
import fc from "fast-check";
import { dueAtOf, dueDeadlines } from "#core/deadlines.ts";
import type { Deadline } from "#core/notice.ts";

const notices: Deadline["notices"] = [{ kind: "slack" }];
const run = { createdAt: 1_000, logicalAt: 500 };
const queued = (afterMs: number): Deadline => ({ from: "queued", afterMs, notices });
const logical = (afterMs: number): Deadline => ({ from: "logical", afterMs, notices });

describe("dueAtOf", () => {
  const table: readonly (readonly [
    what: string,
    deadline: Deadline,
    run: typeof run | { createdAt: number },
    at: number | undefined,
  ])[] = [
    ["from the creation", queued(100), run, 1_100],
    ["from the logical date", logical(100), run, 600],
    ["before the logical date", logical(-100), run, 400],
    ["from the logical date of a run that has none", logical(100), { createdAt: 1_000 }, undefined],
    ["from an instant", { from: 2_000, afterMs: 5, notices }, run, 2_005],
  ];
  for (const [what, deadline, of, at] of table) it(`${what}: ${at}`, () => assert.equal(dueAtOf(deadline, of), at));
});

describe("dueDeadlines", () => {
  const spec = { deadlines: [queued(100), queued(300), logical(100)] };
  const indices = (now: number, more: { endedAt?: number } = {}, noted: number[] = []) => {
    const { due, nextAt } = dueDeadlines(spec, { ...run, ...more }, now, new Set(noted));
    return [due.map(({ index }) => index), nextAt];
  };
  it("none is missed at its very instant", () => assert.deepEqual(indices(600), [[], 600]));
  it("what is past is due, the rest to come", () => assert.deepEqual(indices(1_200), [[0, 2], 1_300]));
  it("what is noted is done with", () => assert.deepEqual(indices(1_200, {}, [0, 2]), [[], 1_300]));
  it("all past: nothing to come", () => assert.deepEqual(indices(9_999), [[0, 1, 2], undefined]));
  it("a run that ended in time misses nothing later", () =>
    assert.deepEqual(indices(9_999, { endedAt: 1_050 }), [[2], undefined]));
  it("a DAG without deadlines", () => assert.deepEqual(dueDeadlines({}, run, 5), { due: [], nextAt: undefined }));

  it("whatever the order of looks, each deadline is due once, and none before its time", () => {
    const deadline = fc.record({
      from: fc.constantFrom("queued" as const, "logical" as const),
      afterMs: fc.integer({ min: -500, max: 5_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(deadline, { maxLength: 5 }),
        fc.array(fc.integer({ min: 0, max: 8_000 }), { maxLength: 20 }),
        (list, looks) => {
          const deadlines = list.map(one => ({ ...one, notices }));
          const noted = new Set<number>();
          for (const now of looks.sort((a, b) => a - b)) {
            for (const { index, dueAt } of dueDeadlines({ deadlines }, run, now, noted).due) {
              assert.ok(!noted.has(index) && dueAt < now);
              noted.add(index);
            }
          }
          const last = looks.at(-1) ?? 0;
          const past = deadlines.filter(one => dueAtOf(one, run)! < last).length;
          assert.equal(noted.size, looks.length === 0 ? 0 : past);
        },
      ),
    );
  });
});
