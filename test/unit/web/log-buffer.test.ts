import assert from "node:assert/strict";
import type { LogLinesReply } from "#contract/log-lines.ts";
import { LogBuffer, WINDOW } from "../../../services/dashboard/web/log/log-buffer.ts";

/** A log of so many lines; remembers what was asked of it. */
function logOf(total: number, ended = true) {
  const asked: number[] = [];
  const fetch = async (from: number, count: number): Promise<LogLinesReply> => {
    asked.push(from);
    const first = from < 0 ? Math.max(1, total + from + 1) : from;
    const lines = Array.from({ length: Math.max(0, Math.min(count, total - first + 1)) }, (_, i) => ({
      text: `line ${first + i}`,
    }));
    return { try: 1, infra: 0, container: "main", total, from: first, lines, toByte: total * 10, ended };
  };
  return { asked, fetch };
}

const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

describe("LogBuffer", () => {
  it("knows the whole length from a window of it", async () => {
    const { fetch } = logOf(200_000);
    const buffer = new LogBuffer(fetch);
    await buffer.load(-WINDOW);
    assert.equal(buffer.total, 200_000);
    assert.equal(buffer.lineAt(200_000)?.text, "line 200000");
    assert.equal(buffer.lineAt(1), undefined);
  });

  it("asks for the windows that are looked at, each once", async () => {
    const { fetch, asked } = logOf(10_000);
    const buffer = new LogBuffer(fetch);
    await buffer.load(1);
    buffer.need(1_400, 1_600);
    buffer.need(1_400, 1_600);
    await settled();
    assert.deepEqual(asked, [1, 1_001, 1_501]);
    assert.equal(buffer.lineAt(1_600)?.text, "line 1600");
  });

  it("asks for nothing behind the end", async () => {
    const { fetch, asked } = logOf(20);
    const buffer = new LogBuffer(fetch);
    await buffer.load(1);
    buffer.need(1, 700);
    await settled();
    assert.deepEqual(asked, [1]);
  });

  it("counts a line once that comes both by a window and by following", async () => {
    const { fetch } = logOf(10, false);
    const buffer = new LogBuffer(fetch);
    await buffer.load(1);
    assert.equal(buffer.follow(), 100);
    const later = new LogBuffer(logOf(12, false).fetch);
    await later.load(1);
    buffer.append([{ text: "line 11" }]);
    await buffer.load(1);
    buffer.append([{ text: "line 12" }]);
    assert.equal(buffer.total, 12);
    assert.deepEqual(
      [11, 12].map(number => buffer.lineAt(number)?.text),
      ["line 11", "line 12"],
    );
  });

  it("says why lines did not come, and forgets it when they do", async () => {
    let isAway = true;
    const { fetch } = logOf(5);
    const buffer = new LogBuffer(async (from, count) => {
      if (isAway) throw new Error("away");
      return fetch(from, count);
    });
    await buffer.load(1);
    assert.match(String(buffer.error), /away/);
    isAway = false;
    await buffer.load(1);
    assert.equal(buffer.error, undefined);
  });

  it("lets go of lines that are far away", async () => {
    const { fetch } = logOf(200_000);
    const buffer = new LogBuffer(fetch);
    await buffer.load(1);
    for (let from = 1; from < 100_000; from += WINDOW) {
      buffer.need(from, from + 40);
      await settled();
    }
    assert.equal(buffer.lineAt(1), undefined);
    assert.equal(buffer.lineAt(99_501)?.text, "line 99501");
  });
});
