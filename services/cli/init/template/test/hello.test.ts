import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { testDag } from "windlass/testing";

describe("hello", async () => {
  const hello = await testDag("dags/hello.ts");

  it("greets with what was counted", () => {
    const run = hello.run({ params: { name: "ann" }, at: "2026-01-31" });
    run.succeeds("count", { letters: 3 }).expectReady("greet");
    assert.deepEqual(run.container("greet").command, ["echo", "2026-01-31: hello ann, all 3 letters of you"]);
    run.succeeds("greet").expect("success");
  });

  it("tries the count three times", () => {
    const run = hello.run().fails("count").fails("count");
    run.expect({ count: "up_for_retry", greet: "none" });
    run.fails("count").expect({ count: "failed", greet: "upstream_failed" }, "failed");
  });

  it("runs every day", () => {
    const [tick] = hello.ticks("2026-01-31T12:00Z");
    assert.equal(tick?.logicalDate, "2026-02-01T00:00:00Z");
  });
});
