import assert from "node:assert/strict";
import { coalesce } from "../../../services/scheduler/dag-source/coalesce.ts";

describe("coalesce", () => {
  it("runs once more for any number of calls during a run, and never twice at once", async () => {
    const ends: (() => void)[] = [];
    let atOnce = 0;
    const act = coalesce(async () => {
      assert.equal(++atOnce, 1);
      const { promise, resolve } = Promise.withResolvers<void>();
      ends.push(resolve);
      await promise;
      atOnce--;
    });
    const first = act();
    const [second, third] = [act(), act()];
    assert.equal(ends.length, 1);
    ends[0]!();
    await first;
    await new Promise(setImmediate);
    assert.equal(ends.length, 2);
    const fourth = act();
    ends[1]!();
    await Promise.all([second, third]);
    await new Promise(setImmediate);
    assert.equal(ends.length, 3, "a call during the second run has a run of its own");
    ends[2]!();
    await fourth;
    const fifth = act();
    assert.equal(ends.length, 4);
    ends[3]!();
    await fifth;
  });
});
