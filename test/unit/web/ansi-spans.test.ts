import assert from "node:assert/strict";
import { ansiSpans } from "../../../services/dashboard/web/log/ansi-spans.ts";

const E = "\u001b";

describe("ansiSpans", () => {
  const table: readonly (readonly [
    what: string,
    line: string,
    expected: readonly (readonly [text: string, classes: string])[],
  ])[] = [
    ["plain text", "hello", [["hello", ""]]],
    [
      "a colour and its end",
      `a${E}[31mb${E}[0mc`,
      [
        ["a", ""],
        ["b", "ansi-red"],
        ["c", ""],
      ],
    ],
    [
      "marks that add up and end one by one",
      `${E}[1;4mx${E}[22my`,
      [
        ["x", "bold underline"],
        ["y", "underline"],
      ],
    ],
    ["a bright colour on a ground", `${E}[92;41mx`, [["x", "ansi-green on-ansi-red"]]],
    [
      "one of 256 that has a name",
      `${E}[38;5;4mx${E}[38;5;200my`,
      [
        ["x", "ansi-blue"],
        ["y", ""],
      ],
    ],
    ["a true colour, which has none", `${E}[38;2;1;2;3;1mx`, [["x", "bold"]]],
    ["a cursor's moves and a title", `${E}[2K${E}]0;title\u0007x`, [["x", ""]]],
    ["a progress bar: what it drew last", "10 %\r50 %\r100 %", [["100 %", ""]]],
    ["a Windows line end", "x\r", [["x", ""]]],
    ["control characters", "a\u0000b\tc", [["ab\tc", ""]]],
    ["markup, as text", "<b>x</b>", [["<b>x</b>", ""]]],
    ["an empty line", "", [["", ""]]],
  ];
  for (const [what, line, expected] of table) {
    it(what, () =>
      assert.deepEqual(
        ansiSpans(line).map(({ text, classes }) => [text, classes]),
        expected,
      ),
    );
  }
});
