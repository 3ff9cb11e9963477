import assert from "node:assert/strict";
import fc from "fast-check";
import { type LinePiece, LineSplitter } from "#kube/line-splitter.ts";

function split(text: string, chunkBytes: number, maxBytes?: number): LinePiece[] {
  const bytes = Buffer.from(text);
  const splitter = new LineSplitter(maxBytes);
  const pieces: LinePiece[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) pieces.push(...splitter.push(bytes.subarray(at, at + chunkBytes)));
  const rest = splitter.rest();
  return rest === undefined ? pieces : [...pieces, rest];
}

/** Lines put together again from their pieces. */
function joined(pieces: readonly LinePiece[]): string[] {
  const lines: string[] = [];
  for (const { text, cont } of pieces) {
    if (cont) lines.push(lines.pop() + text);
    else lines.push(text);
  }
  return lines;
}

describe("LineSplitter", () => {
  it("gives every line, however the bytes are cut", () => {
    const lines = fc.array(fc.string({ unit: fc.constantFrom("a", "ä", "€", "😀", " "), maxLength: 30 }));
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 4, max: 20 }), (texts, chunkBytes, maxBytes) => {
        const pieces = split(texts.map(text => `${text}\n`).join(""), chunkBytes, maxBytes);
        assert.deepEqual(joined(pieces), texts);
        for (const { text } of pieces) assert.ok(Buffer.byteLength(text) <= maxBytes);
      }),
    );
  });

  it("cuts a line at the same places on every reading", () => {
    const line = `${"ä€😀".repeat(50)}\n`;
    assert.deepEqual(split(line, 7, 32), split(line, 1_000, 32));
  });

  it("gives the half line at the end only when asked", () => {
    const splitter = new LineSplitter();
    assert.deepEqual(splitter.push(Buffer.from("one\ntw")), [{ text: "one", cont: false, more: false }]);
    assert.deepEqual(splitter.rest(), { text: "tw", cont: false, more: false });
    assert.equal(splitter.rest(), undefined);
  });
});
