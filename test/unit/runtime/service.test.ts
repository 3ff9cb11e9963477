import assert from "node:assert/strict";
import { type Service, startAll, stopAll } from "#runtime/service.ts";

function recorder() {
  const calls: string[] = [];
  const make = (name: string, failing?: "start" | "stop"): Service => ({
    name,
    start: async () => {
      calls.push(`start ${name}`);
      if (failing === "start") throw new Error(`${name} broke`);
    },
    stop: async () => {
      calls.push(`stop ${name}`);
      if (failing === "stop") throw new Error(`${name} broke`);
    },
  });
  return { calls, make };
}

describe("runtime/service", () => {
  it("starts in order and stops in reverse", async () => {
    const { calls, make } = recorder();
    const services = [make("a"), make("b")];
    await startAll(services);
    await stopAll(services);
    assert.deepEqual(calls, ["start a", "start b", "stop b", "stop a"]);
  });

  it("stops what was started when a later one fails", async () => {
    const { calls, make } = recorder();
    await assert.rejects(startAll([make("a"), make("b", "start"), make("c")]), /b broke/);
    assert.deepEqual(calls, ["start a", "start b", "stop a"]);
  });

  it("stops all, though one fails, and says which", async () => {
    const { calls, make } = recorder();
    await assert.rejects(stopAll([make("a"), make("b", "stop"), make("c")]), (error: AggregateError) => {
      assert.deepEqual(
        error.errors.map((one: Error) => one.message),
        ["'b' did not stop"],
      );
      return true;
    });
    assert.deepEqual(calls, ["stop c", "stop b", "stop a"]);
  });
});
