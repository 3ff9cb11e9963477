import assert from "node:assert/strict";
import type { LogChunk } from "#logstore/log-store.ts";
import { LineIndex } from "../../../services/dashboard/log-lines/line-index.ts";
import { matchingLines } from "../../../services/dashboard/log-lines/matching-lines.ts";
import { wholeLines } from "../../../services/dashboard/log-lines/whole-lines.ts";

/** A text in pieces of so many bytes, with their places. */
function chunksOf(text: string, size: number): LogChunk[] {
  const data = Buffer.from(text);
  return Array.from({ length: Math.ceil(data.length / size) }, (_, i) => {
    const piece = data.subarray(i * size, (i + 1) * size);
    return { fromByte: i * size, toByte: i * size + piece.length, data: piece };
  });
}

describe("LineIndex", () => {
  const text = Array.from({ length: 5_000 }, (_, i) => `line ${i + 1}\n`).join("");
  for (const size of [64, 1_000, 1 << 20]) {
    it(`finds where lines begin, from pieces of ${size} bytes`, () => {
      const index = new LineIndex();
      for (const chunk of chunksOf(text, size)) index.add(chunk);
      assert.equal(index.total, 5_000);
      assert.equal(index.toByte, text.length);
      for (const line of [0, 999, 1_000, 3_456, 4_999]) {
        const mark = index.before(line);
        assert.ok(mark.line <= line && line - mark.line < 2_000);
        assert.equal(text.slice(mark.byte).split("\n", 1)[0], `line ${mark.line + 1}`);
      }
    });
  }

  it("counts on behind a part that was left out", () => {
    const index = new LineIndex();
    index.add({ fromByte: 0, toByte: 4, data: Buffer.from("a\nb\n") });
    index.add({ fromByte: 4, toByte: 9_000, data: Buffer.from("- windlass: left out\n") });
    index.add({ fromByte: 9_000, toByte: 9_004, data: Buffer.from("c\nd\n") });
    assert.equal(index.total, 5);
    assert.deepEqual(
      [1, 2, 3, 4].map(line => index.before(line)),
      [
        { line: 0, byte: 0 },
        { line: 2, byte: 4 },
        { line: 3, byte: 9_000 },
        { line: 3, byte: 9_000 },
      ],
    );
  });

  it("counts a last line without an end", () => {
    const index = new LineIndex();
    index.add({ fromByte: 0, toByte: 3, data: Buffer.from("a\nb") });
    assert.equal(index.total, 2);
  });
});

describe("wholeLines", () => {
  for (const size of [1, 2, 5, 100])
    it(`from pieces of ${size} bytes`, async () =>
      assert.deepEqual(await Array.fromAsync(wholeLines(chunksOf("ä\nzwei\n\ndrei", size))), ["ä", "zwei", "", "drei"]));
});

describe("matchingLines", () => {
  const log = [
    "2026-11-24T20:00:00.1Z hello World",
    "2026-11-24T20:00:01.1Z nothing",
    "- event: Warning Hello",
    "without a stamp: hello 2026",
    "2026-11-24T20:00:02.1Z hello hello",
    "2026-11-24T20:00:03.1Z ÄHELLO",
  ].join("\n");
  const table: readonly (readonly [words: string, expected: readonly number[]])[] = [
    ["hello", [1, 3, 4, 5, 6]],
    ["Hello", [3]],
    ["2026", [4]],
    ["nothing", [2]],
    ["ä", [6]],
    ["absent", []],
    ["event: ", [3]],
  ];
  for (const [words, expected] of table)
    for (const size of [3, 40, 1_000])
      it(`"${words}" in pieces of ${size}`, async () =>
        assert.deepEqual(await Array.fromAsync(matchingLines(chunksOf(log, size), words)), expected));
});
