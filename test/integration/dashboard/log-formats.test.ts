import assert from "node:assert/strict";
import { LogLineReply } from "#contract/log.ts";
import type { LogLine } from "#logstore/log-line.ts";
import { openEvents } from "../../support/event-source.ts";
import { essence, type OpenDashboard, openDashboard } from "./open-dashboard.ts";

const stamp = (n: number): string => `2026-11-24T20:00:${String(n).padStart(2, "0")}.000000000Z`;
const line = (n: number, text = `line ${n}`): LogLine => ({ ts: stamp(n), text });

describe("dashboard: formats of logs", () => {
  let dashboard: OpenDashboard;
  const runId = "sample~1";
  const path = `/api/v1/runs/${runId}/tasks/load/logs`;
  before(async () => {
    dashboard = await openDashboard();
    await dashboard.publish({ id: "sample", tasks: [{ id: "load", operator: "pod", pod: { image: "a" } }] });
    await dashboard.ask("/api/v1/dags/sample/runs", { method: "POST", body: { runId: "1" } });
    const logs: [string, LogLine[]][] = [
      ["main", [line(1), line(2, "Error: no"), { text: "log gap", by: "windlass" }, line(30), line(31, "error again")]],
      ["proxy", [line(3, "no error here"), line(40)]],
    ];
    for (const [container, lines] of logs) {
      const writer = await dashboard.logs.openWriter({ runId, taskId: "load", try: 1, container });
      for (const one of lines) writer.write(one);
      await writer.close();
    }
  });
  after(() => dashboard.close());

  const TEXTS: readonly (readonly [query: string, expected: string])[] = [
    ["?q=error", `2:${stamp(2)} Error: no\n5:${stamp(31)} error again\n`],
    ["?q=error&timestamps=0", "2:Error: no\n5:error again\n"],
    ["?q=error&tail=1&timestamps=0", "5:error again\n"],
    ["?q=error&tail=0", ""],
    ["?q=nothing", ""],
    ["?since=2026-11-24T20:00:30Z&timestamps=0", "line 30\nerror again\n"],
    ["?since=2026-11-24T21:00:30%2B01:00&tail=1&timestamps=0", "error again\n"],
    ["?since=2026-11-24T20:00:02Z&q=gap", "3:- windlass: log gap\n"],
    ["?since=1s&timestamps=0", ""],
    ["?since=36500d&tail=1&timestamps=0", "error again\n"],
    ["?container=*&q=error&timestamps=0", "2:[main] Error: no\n4:[proxy] no error here\n6:[main] error again\n"],
    ["?container=*&since=2026-11-24T20:00:31Z&timestamps=0", "[main] error again\n[proxy] line 40\n"],
    ["?container=*&tail=1&q=error&timestamps=0", "6:[main] error again\n"],
    ["?follow=1&format=text&timestamps=0&q=error", "Error: no\nerror again\n"],
    ["?follow=1&format=text&timestamps=0&tail=2", "line 30\nerror again\n"],
  ];
  for (const [query, expected] of TEXTS) {
    it(`text ${query}`, async () => {
      const { status, headers, text } = await dashboard.ask(path + query);
      assert.deepEqual([status, headers.get("content-type"), text], [200, "text/plain; charset=utf-8", expected]);
    });
  }

  it("NDJSON, by Accept or by name, also while it is followed", async () => {
    const accept = { headers: { accept: "application/x-ndjson" } };
    const table: [string, object, number][] = [
      ["", accept, 5],
      ["?format=ndjson&q=error", {}, 2],
      ["?format=ndjson&container=*", {}, 7],
      ["?follow=1&since=2026-11-24T20:00:30Z", accept, 2],
    ];
    for (const [query, options, count] of table) {
      const response = await fetch(`${dashboard.url}${path}${query}`, options);
      assert.equal(response.headers.get("content-type"), "application/x-ndjson", query);
      const lines = (await response.text()).split("\n").slice(0, -1);
      assert.equal(lines.length, count, query);
      for (const text of lines) LogLineReply.parse(JSON.parse(text));
    }
    const { text } = await dashboard.ask(`${path}?format=ndjson&q=error&tail=1`);
    assert.deepEqual(JSON.parse(text), { line: 5, ts: stamp(31), text: "error again", toByte: 181 });
  });

  it("events of the lines that are asked for, which resume behind those that are not", async () => {
    const all = await openEvents(`${dashboard.url}${path}?follow=1&q=error&timestamps=0`);
    await all.ended;
    assert.deepEqual(
      all.events.map(({ event, data }) => [event, data]),
      [
        ["message", "Error: no\nerror again"],
        ["end", '{"reason":"ended"}'],
      ],
    );
    const none = await openEvents(`${dashboard.url}${path}?q=nothing`);
    await none.ended;
    assert.deepEqual([none.events.map(({ event }) => event), none.lastId], [["end"], all.lastId]);
  });

  it("files to be saved", async () => {
    const table: [string, string][] = [
      ["?download=1", "sample~1.load.1.main.log"],
      ["?download=true&container=*", "sample~1.load.1.all.log"],
      ["?download=1&format=ndjson&container=proxy", "sample~1.load.1.proxy.ndjson"],
    ];
    for (const [query, name] of table) {
      const { headers } = await dashboard.ask(path + query);
      assert.equal(headers.get("content-disposition"), `attachment; filename="${name}"`);
    }
    assert.equal((await dashboard.ask(path)).headers.get("content-disposition"), null);
  });

  it("are refused where they make no sense", async () => {
    const table: [string, string[]][] = [
      ["?format=html", ["query/format"]],
      ["?since=yesterday&q=", ["query/since", "query/q"]],
      ["?format=events&container=*", ["query/follow"]],
    ];
    for (const [query, pointers] of table)
      assert.deepEqual(essence(await dashboard.ask(path + query)), [422, "WL_INPUT", ...pointers], query);
  });
});
