import assert from "node:assert/strict";
import type { LogChunk } from "#logstore/log-store.ts";
import { logEvents } from "../../../services/dashboard/logs/log-events.ts";

/** A follower that yields what it is given, then waits until it is aborted. */
async function* waiting(chunks: readonly string[], signal: AbortSignal): AsyncGenerator<LogChunk, void, undefined> {
  let fromByte = 0;
  for (const text of chunks) {
    const data = Buffer.from(text);
    yield { fromByte, toByte: fromByte + data.length, data };
    fromByte += data.length;
  }
  await new Promise<void>(resolve => signal.addEventListener("abort", () => resolve(), { once: true }));
}

describe("dashboard: log events", () => {
  const frames = (chunks: readonly string[], isOver: () => Promise<boolean>, signal = new AbortController().signal) =>
    logEvents({
      follow: (_from, until) => waiting(chunks, until),
      fromByte: 0,
      timestamps: true,
      isAsked: () => true,
      signal,
      isOver,
      pulseMs: 1,
    });

  it("tells a line that goes on from one that has ended", async () => {
    const all = await Array.fromAsync(frames(["2026-11-24T20:00:00Z begun, ", "and ended\n"], async () => true));
    assert.deepEqual(all.slice(1, 3), [
      "event: part\nid: 28\ndata: 2026-11-24T20:00:00Z begun, \n\n",
      "id: 38\ndata: and ended\n\n",
    ]);
  });

  it("ends a log that nobody closes once its try is over for two pulses, and lets the follower go", async () => {
    const all = await Array.fromAsync(frames(["- a\n- b\n"], async () => true));
    assert.deepEqual(all, [
      "retry: 1000\n\n",
      "id: 8\ndata: - a\ndata: - b\n\n",
      ": alive\n\n",
      ": alive\n\n",
      'event: end\nid: 8\ndata: {"reason":"abandoned"}\n\n',
    ]);
  });

  it("goes on while the try may still print", async () => {
    const answers = [true, false, true, false, true, true];
    const all = await Array.fromAsync(frames([], async () => answers.shift() ?? assert.fail("asked after the end")));
    assert.equal(all.filter(frame => frame === ": alive\n\n").length, 6);
  });

  it("lets the follower go when its caller leaves between two events", async () => {
    let isLeft = false;
    async function* endless(): AsyncGenerator<LogChunk, void, undefined> {
      try {
        for (let fromByte = 0; ; fromByte += 4) yield { fromByte, toByte: fromByte + 4, data: Buffer.from("- a\n") };
      } finally {
        isLeft = true;
      }
    }
    const signal = new AbortController().signal;
    const options = { fromByte: 0, timestamps: true, isAsked: () => true, signal, isOver: async () => false };
    for await (const frame of logEvents({ ...options, follow: endless })) if (frame.startsWith("id: 8")) break;
    assert.equal(isLeft, true);
  });

  it("says no end when its caller went away", async () => {
    const gone = new AbortController();
    const all: string[] = [];
    for await (const frame of frames(["- a\n"], async () => false, gone.signal)) {
      all.push(frame);
      if (frame === ": alive\n\n") gone.abort();
    }
    assert.equal(
      all.some(frame => frame.startsWith("event: end")),
      false,
    );
  });
});
