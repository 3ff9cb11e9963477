import assert from "node:assert/strict";
import fc from "fast-check";
import { formatLine, type LogLine, parseLine } from "#logstore/log-line.ts";

const TS = "2026-11-24T20:00:00.123456789Z";

describe("formatLine and parseLine", () => {
  const table: readonly (readonly [line: LogLine, text: string])[] = [
    [{ ts: TS, text: "hello" }, `${TS} hello\n`],
    [{ ts: TS, text: "" }, `${TS} \n`],
    [{ ts: TS, text: "- windlass: no" }, `${TS} - windlass: no\n`],
    [{ text: "unknown" }, "- unknown\n"],
    [{ by: "kubelet", text: "unable to retrieve" }, "- kubelet: unable to retrieve\n"],
    [{ by: "event", text: "Warning BackOff: x" }, "- event: Warning BackOff: x\n"],
    [{ by: "windlass", text: "log gap: x" }, "- windlass: log gap: x\n"],
  ];
  for (const [line, text] of table) {
    it(JSON.stringify(text), () => {
      assert.equal(formatLine(line), text);
      assert.deepEqual(parseLine(text.slice(0, -1)), line);
    });
  }

  it("puts the pieces of a line together, and ends one that another line interrupts", () => {
    const pieces: LogLine[] = [
      { ts: TS, text: "a", more: true },
      { text: "b", cont: true, more: true },
      { text: "c", cont: true },
    ];
    assert.equal(pieces.map((piece, index) => formatLine(piece, index > 0)).join(""), `${TS} abc\n`);
    assert.equal(formatLine({ text: "gap", by: "windlass" }, true), "\n- windlass: gap\n");
  });

  it("never takes a container's words for anybody else's", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), text => {
        const [first] = formatLine({ ts: TS, text }).split("\n");
        assert.equal(parseLine(first!).by, undefined);
        assert.equal(parseLine(first!).ts, TS);
      }),
    );
  });
});
