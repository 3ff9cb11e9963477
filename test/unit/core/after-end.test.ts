import assert from "node:assert/strict";
import { type AfterEnd, keepMs } from "#core/after-end.ts";

const SITE = { succeededMs: 1, failedMs: 2 };
const FOR_EVER = Number.POSITIVE_INFINITY;

describe("keepMs", () => {
  const table: readonly (readonly [rule: AfterEnd, succeeded: number, failed: number])[] = [
    [{}, 1, 2],
    [{ keepForMs: 50 }, 50, 50],
    [{ onFinish: "delete" }, 0, 0],
    [{ onFinish: "delete", keepForMs: 50 }, 0, 0],
    [{ onFinish: "deleteSucceeded" }, 0, FOR_EVER],
    [{ onFinish: "deleteSucceeded", keepForMs: 50 }, 0, 50],
    [{ onFinish: "keep" }, FOR_EVER, FOR_EVER],
    [{ onFinish: "keep", keepForMs: 50 }, 50, 50],
    [{ onFinish: "keep", keepForMs: 0 }, 0, 0],
    [{ onKill: "keep" }, 1, 2],
  ];
  for (const [rule, succeeded, failed] of table) {
    it(`${JSON.stringify(rule)}: ${succeeded} after a success, ${failed} after a failure`, () =>
      assert.deepEqual([keepMs(rule, true, SITE), keepMs(rule, false, SITE)], [succeeded, failed]));
  }
});
