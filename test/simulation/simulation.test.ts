import assert from "node:assert/strict";
import { simulate } from "./simulation.ts";

describe("the core, whatever happens to it", () => {
  it("loses no task, doubles no pod, breaks no rule and no limit, and ends every run", () => {
    const { failed, report } = simulate(500, Date.now() % 2 ** 31);
    assert.ok(!failed, report);
  });

  it("lives the same histories again when it is given the same seed", () => {
    assert.deepEqual(simulate(20, 7), simulate(20, 7));
  });
});
