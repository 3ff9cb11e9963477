import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { onShutdown } from "#runtime/signals.ts";

/** A process that notes its exits instead of ending. */
class FakeProcess extends EventEmitter {
  readonly exits: number[] = [];
  exit(code: number): void {
    this.exits.push(code);
    this.emit("exited", code);
  }
}

describe("runtime/signals", () => {
  it("exits 0 once stopping is done", async () => {
    const host = new FakeProcess();
    const signals: string[] = [];
    onShutdown(async signal => void signals.push(signal), { process: host });
    host.emit("SIGTERM", "SIGTERM");
    await once(host, "exited");
    assert.deepEqual([signals, host.exits], [["SIGTERM"], [0]]);
  });

  it("exits 1 when stopping throws", async () => {
    const host = new FakeProcess();
    onShutdown(() => Promise.reject(new Error("no")), { process: host });
    host.emit("SIGINT", "SIGINT");
    await once(host, "exited");
    assert.deepEqual(host.exits, [1]);
  });

  it("exits 1 when stopping misses its deadline", async () => {
    const host = new FakeProcess();
    const forever = Promise.withResolvers<void>();
    onShutdown(() => forever.promise, { process: host, deadlineMs: 5 });
    const exited = once(host, "exited");
    const awake = setInterval(() => undefined, 1_000); // the deadline's own timer does not keep a process alive
    host.emit("SIGTERM", "SIGTERM");
    await exited;
    clearInterval(awake);
    assert.deepEqual(host.exits, [1]);
  });

  it("exits at once at the second signal, with the shell's code for it", () => {
    const host = new FakeProcess();
    const forever = Promise.withResolvers<void>();
    onShutdown(() => forever.promise, { process: host });
    host.emit("SIGTERM", "SIGTERM");
    assert.deepEqual(host.exits, []);
    host.emit("SIGINT", "SIGINT");
    assert.deepEqual(host.exits, [130]);
  });

  it("takes its handlers off", () => {
    const host = new FakeProcess();
    onShutdown(async () => undefined, { process: host })();
    assert.equal(host.listenerCount("SIGTERM") + host.listenerCount("SIGINT"), 0);
  });
});
