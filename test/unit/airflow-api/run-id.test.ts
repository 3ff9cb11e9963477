import assert from "node:assert/strict";
import fc from "fast-check";
import { dagRunIdOf, runIdOf } from "../../../services/dashboard/airflow/run-id.ts";

describe("runIdOf", () => {
  const TABLE: readonly [dagRunId: string, runId: string | undefined][] = [
    ["20260131T060000Z", "etl~20260131T060000Z"],
    ["manual-20260131T060000_123Z-4cec2c", "etl~manual-20260131T060000_123Z-4cec2c"],
    ["manual__2026-01-31T06:00:00+00:00", "etl~manual__2026-01-31T06_x3A_00_x3A_00_x2B_00_x3A_00"],
    ["mine / yours", "etl~mine_x20__x2F__x20_yours"],
    ["é", "etl~_xC3__xA9_"],
    ["a~b", "etl~a_x7E_b"],
    ["..", undefined],
    ["", undefined],
    ["x".repeat(201), undefined],
  ];
  for (const [dagRunId, runId] of TABLE) {
    it(`${JSON.stringify(dagRunId.slice(0, 40))} is ${runId ?? "nobody's"}`, () => {
      assert.equal(runIdOf("etl", dagRunId), runId);
      if (runId !== undefined) assert.equal(dagRunIdOf(runId), dagRunId);
    });
  }

  it("leaves alone what only looks like an escape", () => {
    for (const own of ["a_x41_b", "a_x3a_b", "a_xC3_b", "_x3A"]) assert.equal(dagRunIdOf(`etl~${own}`), own);
  });

  it("gives every text back", () => {
    const text = fc
      .string({ unit: "binary", minLength: 1, maxLength: 15 })
      .filter(one => !/_x[0-9A-F]{2}_/.test(one) && one.isWellFormed());
    fc.assert(
      fc.property(text, dagRunId => {
        const runId = runIdOf("etl", dagRunId);
        assert.equal(runId === undefined ? dagRunId : dagRunIdOf(runId), dagRunId);
      }),
    );
  });

  it("finds every run of ours under the name that it is shown by", () => {
    const own = fc.stringMatching(/^[A-Za-z0-9_.-]{1,60}$/).filter(one => one !== "." && one !== "..");
    const tricky = fc.array(fc.constantFrom("_x3A_", "_x41_", "_xC3_", "_xA9_", "_", "x", "3A"), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        fc.oneof(
          own,
          tricky.map(parts => parts.join("")),
        ),
        suffix => {
          assert.equal(runIdOf("etl", dagRunIdOf(`etl~${suffix}`)), `etl~${suffix}`);
        },
      ),
    );
  });
});
