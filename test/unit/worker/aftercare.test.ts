import assert from "node:assert/strict";
import { createLogger } from "#runtime/logger.ts";
import { Aftercare } from "../../../services/worker/aftercare.ts";

const FOR_EVER_MS = 60_000;

describe("Aftercare", () => {
  let lines: string[];
  let aftercare: Aftercare;

  beforeEach(() => {
    lines = [];
    aftercare = new Aftercare(createLogger("test", { write: line => lines.push(line) }));
  });

  it("is settled when it has nothing to do", async () => {
    await aftercare.settled(FOR_EVER_MS);
    assert.equal(aftercare.size, 0);
  });

  it("waits for everything it has taken", async () => {
    const works = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    for (const [i, { promise }] of works.entries()) aftercare.take(() => promise, `work ${i}`);
    assert.equal(aftercare.size, 2);
    let isSettled = false;
    const settled = aftercare.settled(FOR_EVER_MS).then(() => {
      isSettled = true;
    });
    works[0]!.resolve();
    await new Promise(setImmediate);
    assert.deepEqual([aftercare.size, isSettled], [1, false]);
    works[1]!.resolve();
    await settled;
    assert.equal(aftercare.size, 0);
  });

  it("gives up after the deadline and leaves what goes on", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    aftercare.take(() => promise, "slow work");
    await aftercare.settled(1);
    assert.equal(aftercare.size, 1);
    resolve();
  });

  it("reports what failed with its name, and carries on", async () => {
    aftercare.take(() => Promise.reject(new Error("the disk is full")), "etl~1 load try 2");
    aftercare.take(async () => undefined, "the other");
    await aftercare.settled(FOR_EVER_MS);
    assert.equal(aftercare.size, 0);
    assert.equal(lines.length, 1);
    const { event, what, err } = JSON.parse(lines[0]!);
    assert.deepEqual([event, what, err.message], ["aftercare.failed", "etl~1 load try 2", "the disk is full"]);
  });
});
