import assert from "node:assert/strict";
import { LoadQueue } from "../../../services/scheduler/dag-source/load-queue.ts";

/** A queue whose loads end when the test says so. */
function controlledQueue(width: number) {
  const running = new Map<string, { signal: AbortSignal; end: () => void }>();
  const started: string[] = [];
  const queue = new LoadQueue(width, (path, signal) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    started.push(path);
    running.set(path, { signal, end: resolve });
    return promise;
  });
  /** Ends a load and lets the queue notice. */
  const end = async (path: string): Promise<void> => {
    running.get(path)?.end();
    await new Promise(setImmediate);
  };
  return { queue, running, started, end };
}

describe("load queue", () => {
  it("runs no more than its width at once, in the order they came", async () => {
    const { queue, started, end } = controlledQueue(2);
    for (const path of ["a", "b", "c", "d"]) queue.put(path);
    assert.deepEqual(started, ["a", "b"]);
    await end("b");
    assert.deepEqual(started, ["a", "b", "c"]);
    await end("a");
    assert.deepEqual(started, ["a", "b", "c", "d"]);
  });

  it("loads a file anew that is put while it loads, after the first has ended", async () => {
    const { queue, running, started, end } = controlledQueue(2);
    queue.put("a");
    const first = running.get("a")!;
    queue.put("a");
    assert.ok(first.signal.aborted);
    assert.deepEqual(started, ["a"], "never two of one file");
    first.end();
    await new Promise(setImmediate);
    assert.deepEqual(started, ["a", "a"]);
    assert.ok(!running.get("a")!.signal.aborted);
    await end("a");
    assert.ok(queue.isIdle);
  });

  it("waits once for a file that is put twice", () => {
    const { queue, started } = controlledQueue(1);
    for (const path of ["a", "b", "b"]) queue.put(path);
    assert.deepEqual(started, ["a"]);
  });

  it("forgets what is dropped", async () => {
    const { queue, running, started, end } = controlledQueue(1);
    for (const path of ["a", "b"]) queue.put(path);
    queue.drop("b");
    queue.drop("a");
    assert.ok(running.get("a")!.signal.aborted);
    await end("a");
    assert.deepEqual([started, queue.isIdle], [["a"], true]);
  });

  it("is idle at first, and again when the last load has ended", async () => {
    const { queue, end } = controlledQueue(1);
    await queue.idle();
    queue.put("a");
    let idle = false;
    const waiting = queue.idle().then(() => {
      idle = true;
    });
    await new Promise(setImmediate);
    assert.equal(idle, false);
    await end("a");
    await waiting;
  });

  it("ends everything when it closes", async () => {
    const { queue, running, started } = controlledQueue(1);
    for (const path of ["a", "b"]) queue.put(path);
    const closed = queue.close();
    assert.ok(running.get("a")!.signal.aborted);
    running.get("a")!.end();
    await closed;
    assert.deepEqual(started, ["a"]);
  });
});
