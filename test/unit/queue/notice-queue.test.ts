import assert from "node:assert/strict";
import { noticeBackoffMs } from "#queue/notice-queue.ts";

describe("noticeBackoffMs", () => {
  const table: readonly (readonly [attemptsMade: number, ms: number])[] = [
    [0, 5_000],
    [1, 5_000],
    [2, 10_000],
    [5, 80_000],
    [11, 3_600_000],
    [60, 3_600_000],
  ];
  for (const [made, ms] of table) it(`after ${made} tries: ${ms} ms`, () => assert.equal(noticeBackoffMs(made), ms));
});
