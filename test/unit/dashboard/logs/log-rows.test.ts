import assert from "node:assert/strict";
import type { LogChunk } from "#logstore/log-store.ts";
import { asNdjson, asText, formatFor } from "../../../../services/dashboard/logs/log-format.ts";
import { type LogPage, pagesOf } from "../../../../services/dashboard/logs/log-row.ts";
import { type LogSelection, lastRows, selectRows } from "../../../../services/dashboard/logs/select-rows.ts";

const at = (second: number): string => `2026-11-24T20:00:0${second}.5Z`;
const LINES = [
  "- event: said before",
  `${at(1)} Load grüße`,
  `${at(2)} progress 1%\rprogress 2%`,
  "- windlass: log gap: x",
  `${at(3)} loaded`,
  "",
];

/** The text in chunks of whole lines, as a store gives them. */
async function* chunksOf(...texts: string[]): AsyncGenerator<LogChunk, void, undefined> {
  let fromByte = 0;
  for (const text of texts) {
    const data = Buffer.from(text);
    yield { fromByte, toByte: fromByte + data.length, data };
    fromByte += data.length;
  }
}

const LOG = LINES.join("\n");
const pages = (isWhole = true) => pagesOf(chunksOf(`${LINES.slice(0, 2).join("\n")}\n`, LINES.slice(2).join("\n")), { isWhole });
const textOf = async (from: AsyncIterable<LogPage>, timestamps = true, numbers = false) =>
  (await Array.fromAsync(asText(from, { timestamps, numbers }))).join("");

describe("log rows", () => {
  it("are the log again", async () => assert.equal(await textOf(pages()), LOG));

  it("know their numbers and where the next one begins", async () => {
    const rows = (await Array.fromAsync(pages())).flatMap(page => page.rows);
    assert.deepEqual(
      rows.map(({ number }) => number),
      [1, 2, 3, 4, 5],
    );
    for (const [i, { toByte }] of rows.entries())
      assert.equal(toByte, Buffer.byteLength(`${LINES.slice(0, i + 1).join("\n")}\n`), `row ${i}`);
    const inTheMiddle = (await Array.fromAsync(pages(false))).flatMap(page => page.rows);
    assert.ok(inTheMiddle.every(({ number }) => number === undefined));
  });

  it("jump over what is left out of the log", async () => {
    const data = Buffer.from("- windlass: 900 bytes are left out here\n");
    const chunk = { fromByte: 100, toByte: 1_000, data };
    const [page] = await Array.fromAsync(
      pagesOf(
        (async function* () {
          yield chunk;
        })(),
        { isWhole: true },
      ),
    );
    assert.deepEqual([page?.rows[0]?.toByte, page?.toByte], [1_000, 1_000]);
  });

  it("of one very long line are one line", async () => {
    const pieces = [`${at(1)} begun, `, `${at(2)} is no stamp here, `, "ended\n", `${at(3)} next`];
    const long = () => pagesOf(chunksOf(...pieces), { isWhole: true });
    assert.equal(await textOf(long(), false), `begun, ${at(2)} is no stamp here, ended\nnext`);
    assert.equal(
      await textOf(selectRows(long(), { search: "begun" }), false, true),
      `1:begun, ${at(2)} is no stamp here, ended\n`,
    );
    assert.equal(await textOf(selectRows(long(), { search: "next" }), false, true), "2:next");
    const objects = (await Array.fromAsync(asNdjson(long(), { timestamps: true }))).map(text => JSON.parse(text));
    assert.deepEqual(objects[1], { line: 1, text: `${at(2)} is no stamp here, `, toByte: 71, part: true });
    assert.equal(objects[2].part, undefined);
  });

  const SELECTED: readonly (readonly [LogSelection, expected: string])[] = [
    [{ search: "LOAD" }, "2:Load grüße\n5:loaded\n"],
    [{ search: "GRÜSSE" }, ""],
    [{ search: "GRÜ" }, "2:Load grüße\n"],
    [{ search: "20:00" }, ""],
    [{ search: "2%" }, "3:progress 1%\rprogress 2%\n"],
    [{ sinceAt: Date.parse(at(2)) }, "3:progress 1%\rprogress 2%\n4:- windlass: log gap: x\n5:loaded\n"],
    [{ sinceAt: Date.parse(at(2)) + 1 }, "5:loaded\n"],
    [{ sinceAt: Date.parse(at(9)) }, ""],
    [{ sinceAt: Date.parse(at(2)), search: "load" }, "5:loaded\n"],
  ];
  for (const [selection, expected] of SELECTED) {
    it(`are selected by ${JSON.stringify(selection)}`, async () =>
      assert.equal(await textOf(selectRows(pages(), selection), false, true), expected));
  }

  it("end with the last ones that are asked for", async () => {
    const last = (count: number, selection: LogSelection = {}) =>
      textOf(
        lastRows(async () => pages(), selection, count),
        false,
        true,
      );
    assert.equal(await last(2), "4:- windlass: log gap: x\n5:loaded\n");
    assert.equal(await last(1, { search: "load" }), "5:loaded\n");
    assert.equal(await last(9, { search: "load" }), "2:Load grüße\n5:loaded\n");
    assert.equal(await last(0), "");
  });

  it("are objects that say who speaks", async () => {
    const all = (await Array.fromAsync(asNdjson(pages(), { timestamps: true }))).join("").trim().split("\n");
    assert.deepEqual(
      all.slice(0, 2).map(text => JSON.parse(text)),
      [
        { line: 1, by: "event", text: "said before", toByte: 21 },
        { line: 2, ts: at(1), text: "Load grüße", toByte: 57 },
      ],
    );
  });

  const FORMATS: readonly (readonly [asked: Parameters<typeof formatFor>[0], accept: string | undefined, format: string])[] = [
    [{ follow: false }, undefined, "text"],
    [{ follow: true }, undefined, "events"],
    [{ follow: true }, "*/*", "events"],
    [{ follow: true }, "text/plain", "text"],
    [{ follow: false }, "text/html,application/xhtml+xml,*/*;q=0.8", "text"],
    [{ follow: false }, "application/x-ndjson", "ndjson"],
    [{ follow: false }, "text/event-stream", "events"],
    [{ follow: false, format: "text" }, "text/event-stream", "text"],
  ];
  for (const [asked, accept, format] of FORMATS) {
    it(`${JSON.stringify(asked)} with Accept ${accept} are ${format}`, () => assert.equal(formatFor(asked, accept), format));
  }
});
