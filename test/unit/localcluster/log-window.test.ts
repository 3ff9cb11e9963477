import assert from "node:assert/strict";
import { ContainerLog } from "#localcluster/node/container-log.ts";
import { cutText, linesIn, renderLine, sinceInstant } from "#localcluster/node/log-window.ts";

const lines = [
  { stamp: "2026-01-01T00:00:01.999999999Z", text: "a" },
  { stamp: "2026-01-01T00:00:02.000000001Z", text: "b" },
  { stamp: "2026-01-01T00:00:02.500000000Z", text: "c" },
  { stamp: "2026-01-01T00:00:03.000000000Z", text: "d" },
];
const at = (text: string): number => Date.parse(text);
const textsOf = (window: Parameters<typeof linesIn>[1]): string =>
  linesIn(lines, window)
    .map(({ text }) => text)
    .join("");

describe("localcluster: log window", () => {
  const WINDOWS: [title: string, window: Parameters<typeof linesIn>[1], texts: string][] = [
    ["everything", {}, "abcd"],
    ["since a second", { sinceAt: at("2026-01-01T00:00:02Z") }, "bcd"],
    ["the last two", { tailLines: 2 }, "cd"],
    ["none", { tailLines: 0 }, ""],
    ["more than there are", { tailLines: 9 }, "abcd"],
    ["the tail first, then the second", { tailLines: 3, sinceAt: at("2026-01-01T00:00:03Z") }, "d"],
  ];
  for (const [title, window, texts] of WINDOWS) it(title, () => assert.equal(textsOf(window), texts));

  it("sinceTime loses its fraction, sinceSeconds counts back", () => {
    assert.equal(sinceInstant(at("2026-01-01T00:00:02.900Z"), undefined, 0), at("2026-01-01T00:00:02Z"));
    assert.equal(sinceInstant(undefined, 3, at("2026-01-01T00:00:05.500Z")), at("2026-01-01T00:00:02Z"));
    assert.equal(sinceInstant(undefined, undefined, 0), undefined);
  });

  it("stamps are put before the line", () => {
    assert.equal(renderLine(lines[0]!, true), "2026-01-01T00:00:01.999999999Z a\n");
    assert.equal(renderLine(lines[0]!, false), "a\n");
  });

  it("limitBytes never cuts a character in half", () => {
    assert.deepEqual([cutText("aäb", 2), cutText("aäb", 3), cutText("aäb", undefined)], ["a", "aä", "aäb"]);
  });
});

describe("localcluster: container log", () => {
  const texts = (log: ContainerLog): string[] => log.lines.map(({ text }) => text);

  it("chunks become lines; half lines wait, also half characters, per stream", () => {
    const log = new ContainerLog(1_000);
    const umlaut = Buffer.from("ä\n");
    log.append("stdout", Buffer.from("one\nt"));
    log.append("stderr", Buffer.from("err\n"));
    log.append("stdout", Buffer.from("wo\n"));
    log.append("stdout", umlaut.subarray(0, 1));
    log.append("stdout", umlaut.subarray(1));
    log.append("stdout", Buffer.from("rest"));
    assert.deepEqual(texts(log), ["one", "err", "two", "ä"]);
    log.close();
    assert.deepEqual(texts(log), ["one", "err", "two", "ä", "rest"]);
    assert.ok(log.lines.every(({ stamp }) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/.test(stamp)));
  });

  it("rotation forgets what was before, but not for a follower that has not read it", () => {
    const log = new ContainerLog(100);
    log.append("stdout", Buffer.from("early\n"));
    const cursor = log.cursor();
    log.append("stdout", Buffer.from(`${"x".repeat(90)}\n`));
    log.append("stdout", Buffer.from("late\n"));
    assert.equal(texts(log).includes("early"), false);
    const taken = () => cursor.take().map(({ text }) => text);
    assert.deepEqual(taken(), ["x".repeat(90), "late"]);
    assert.deepEqual(taken(), []);
    cursor.close();
  });

  it("a follower that is too far behind loses the oldest lines", () => {
    const log = new ContainerLog(100);
    const cursor = log.cursor();
    for (let line = 0; line < 20; line++) log.append("stdout", Buffer.from(`${line} ${"x".repeat(90)}\n`));
    const taken = cursor.take().map(({ text }) => Number(text.split(" ")[0]));
    assert.deepEqual(taken.at(-1), 19);
    assert.ok(taken.length < 20);
  });

  it("the tail for a failure's message is at most 80 lines and 2,048 bytes", () => {
    const log = new ContainerLog(1_000_000);
    log.append("stdout", Buffer.from(Array.from({ length: 200 }, (_, index) => `${index}\n`).join("")));
    assert.deepEqual(log.tail().split("\n").slice(0, -1).length, 80);
    log.append("stdout", Buffer.from(`${"y".repeat(5_000)}\n`));
    assert.equal(Buffer.byteLength(log.tail()), 2_048);
  });
});
