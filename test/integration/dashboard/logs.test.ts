import assert from "node:assert/strict";
import type { LogLine } from "#logstore/log-line.ts";
import { readConfig } from "#runtime/config.ts";
import { DashboardConfig } from "../../../services/dashboard/config.ts";
import { until } from "../../support/until.ts";
import { essence, type OpenDashboard, openDashboard } from "./open-dashboard.ts";

interface SseEvent {
  event: string;
  id: string;
  data: string;
}

/** Reads events as a browser's EventSource does; stops after `enough` or at the end of the stream. */
async function readEvents(
  url: string,
  { headers = {}, enough = () => false }: { headers?: Record<string, string>; enough?: (events: SseEvent[]) => boolean } = {},
) {
  const stop = new AbortController();
  const response = await fetch(url, { headers, signal: stop.signal });
  assert.match(response.headers.get("content-type") ?? "", /^text\/event-stream\b/);
  const events: SseEvent[] = [];
  let rest = "";
  for await (const part of response.body ?? []) {
    rest += Buffer.from(part).toString();
    const blocks = rest.split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const fields = block.split("\n").map(line => /^([a-z]+): ?(.*)$/.exec(line) ?? []);
      const all = (name: string) => fields.filter(field => field[1] === name).map(field => field[2]);
      if (all("data").length > 0)
        events.push({ event: all("event")[0] ?? "message", id: all("id")[0] ?? "", data: all("data").join("\n") });
    }
    if (enough(events)) break;
  }
  stop.abort();
  return events;
}

const stamp = (n: number): string => `2026-11-24T20:00:${String(n).padStart(2, "0")}.000000000Z`;
const line = (n: number, text = `line ${n}`): LogLine => ({ ts: stamp(n), text });

describe("dashboard: logs", () => {
  let dashboard: OpenDashboard;
  let path = "";
  const runId = "sample~1";
  beforeEach(async () => {
    dashboard = await openDashboard();
    await dashboard.publish({ id: "sample", tasks: [{ id: "load", operator: "pod", pod: { image: "a" } }] });
    const { body } = await dashboard.ask("/api/v1/dags/sample/runs", { method: "POST", body: { runId: "1" } });
    path = `${body.links.self}/tasks/load/logs`;
  });
  afterEach(() => dashboard.close());

  const write = async (lines: LogLine[], ref: { try?: number; infra?: number; container?: string } = {}) => {
    const writer = await dashboard.logs.openWriter({ runId, taskId: "load", try: 1, ...ref });
    for (const one of lines) writer.write(one);
    return writer;
  };

  it("gives plain text: whole, its tail, with and without stamps", async () => {
    await (await write([line(1), line(2, "grüße\r100%"), line(3)])).close();
    const whole = `${stamp(1)} line 1\n${stamp(2)} grüße\r100%\n${stamp(3)} line 3\n`;
    const table: [string, string][] = [
      ["", whole],
      ["?try=1&container=main", whole],
      ["?tail=1", `${stamp(3)} line 3\n`],
      ["?tail=0", ""],
      ["?timestamps=false", "line 1\ngrüße\r100%\nline 3\n"],
      ["?timestamps=0&tail=2", "grüße\r100%\nline 3\n"],
    ];
    for (const [query, expected] of table) {
      const { status, headers, text } = await dashboard.ask(path + query);
      assert.deepEqual([status, headers.get("content-type"), text], [200, "text/plain; charset=utf-8", expected], query);
    }
  });

  it("tells tries, restarts and containers apart; of a try's restarts the last one speaks", async () => {
    await (await write([line(1, "first")])).close();
    await (await write([line(2, "restarted")], { infra: 1 })).close();
    await (await write([line(3, "second try")], { try: 2 })).close();
    await (await write([line(4, "proxy")], { container: "sidecar" })).close();
    const table: [string, string][] = [
      ["?try=1", "restarted"],
      ["?try=1&infra=0", "first"],
      ["?try=2", "second try"],
      ["?try=1&container=sidecar", "proxy"],
    ];
    for (const [query, text] of table)
      assert.equal((await dashboard.ask(`${path}${query}&timestamps=false`)).text, `${text}\n`, query);
  });

  it("gives all containers of a try as one, in the order of their stamps, each line with its container", async () => {
    await (await write([line(2, "fetched")], { container: "fetch" })).close();
    const ends: LogLine = { text: "log gap", by: "windlass" };
    await (await write([{ text: "said first", by: "event" }, line(3, "a"), ends, line(5, "b\rc")])).close();
    await (await write([{ ts: "2026-11-24T20:00:03.5Z", text: "between" }, line(4, "[x]")], { container: "proxy" })).close();
    await (await write([line(9, "another try")], { try: 2 })).close();
    const merged = [
      "- [main] event: said first",
      `${stamp(2)} [fetch] fetched`,
      `${stamp(3)} [main] a`,
      "- [main] windlass: log gap",
      "2026-11-24T20:00:03.5Z [proxy] between",
      `${stamp(4)} [proxy] [x]`,
      `${stamp(5)} [main] b\rc`,
    ];
    const all = await dashboard.ask(`${path}?try=1&container=*`);
    assert.deepEqual([all.status, all.text], [200, `${merged.join("\n")}\n`]);
    assert.equal((await dashboard.ask(`${path}?try=1&container=*&tail=2`)).text, `${merged.slice(-2).join("\n")}\n`);
    const bare = (await dashboard.ask(`${path}?try=1&container=*&timestamps=0`)).text.split("\n");
    assert.deepEqual(bare.slice(0, 2), ["- [main] event: said first", "[fetch] fetched"]);
    assert.deepEqual(essence(await dashboard.ask(`${path}?container=*&follow=1`)), [422, "WL_INPUT", "query/follow"]);
    assert.deepEqual(essence(await dashboard.ask(`${path}?try=3&container=*`)), [404, "WL_LOG_UNKNOWN"]);
  });

  it("lists the containers that have a log", async () => {
    await (await write([line(1)])).close();
    await (await write([line(2)], { container: "sidecar", infra: 1 })).leave();
    const { status, body } = await dashboard.ask(`${path}/containers`);
    const link = (rest: string) => ({ log: `${path}?${rest}` });
    assert.deepEqual(
      [status, body],
      [
        200,
        {
          logs: [
            { try: 1, infra: 0, container: "main", sizeBytes: 38, ended: true, links: link("try=1&infra=0&container=main") },
            {
              try: 1,
              infra: 1,
              container: "sidecar",
              sizeBytes: 38,
              ended: false,
              links: link("try=1&infra=1&container=sidecar"),
            },
          ],
        },
      ],
    );
    assert.equal((await dashboard.ask(body.logs[1].links.log)).text, `${stamp(2)} line 2\n`);
    assert.deepEqual(essence(await dashboard.ask("/api/v1/runs/sample~1/tasks/nope/logs/containers")), [404, "WL_TASK_UNKNOWN"]);
  });

  it("without stamps still tells what is not the container's", async () => {
    await (await write([line(1, "- windlass: not really"), { text: "log gap", by: "windlass" }])).close();
    assert.equal((await dashboard.ask(`${path}?timestamps=false`)).text, "- windlass: not really\n- windlass: log gap\n");
    assert.equal((await dashboard.ask(path)).text, `${stamp(1)} - windlass: not really\n- windlass: log gap\n`);
  });

  it("tells what is not there", async () => {
    const table: [string, unknown[]][] = [
      ["/api/v1/runs/sample~9/tasks/load/logs", [404, "WL_RUN_UNKNOWN"]],
      ["/api/v1/runs/sample~1/tasks/nope/logs", [404, "WL_TASK_UNKNOWN"]],
      [path, [404, "WL_LOG_UNKNOWN"]],
      [`${path}?try=0&container=..%2Fetc&tail=-1`, [422, "WL_INPUT", "query/try", "query/container", "query/tail"]],
      ["/api/v1/runs/..%2F..%2Fetc/tasks/load/logs", [422, "WL_INPUT", "path/runId"]],
    ];
    for (const [url, expected] of table) assert.deepEqual(essence(await dashboard.ask(url)), expected, url);
    const bad = await dashboard.ask(`${path}?follow=1`, { headers: { "last-event-id": "x" } });
    assert.deepEqual(essence(bad), [422, "WL_INPUT", "header/last-event-id"]);
  });

  it("follows a log from before it exists to its end", async () => {
    const events = readEvents(`${dashboard.url}${path}?follow=1&timestamps=false`);
    const writer = await write([line(1), line(2)]);
    await writer.flush();
    writer.write(line(3, "progress 1%\rprogress 2%"));
    await writer.close();
    const all = await events;
    assert.equal(
      all
        .filter(one => one.event === "message")
        .map(one => one.data)
        .join("\n"),
      "line 1\nline 2\nprogress 1%\nprogress 2%",
    );
    const last = all.at(-1);
    const size = (await dashboard.logs.list(runId, "load"))[0]?.sizeBytes;
    assert.deepEqual(last, { event: "end", id: String(size), data: '{"reason":"ended"}' });
  });

  it("resumes after any cut without a gap or a repeat", async () => {
    const writer = await write([]);
    const seen: string[] = [];
    let lastId = "";
    for (let n = 0; n < 20; n += 2) {
      writer.write(line(n));
      writer.write(line(n + 1));
      await writer.flush();
      // Cut after the first event; what the connection still carried is lost with it.
      const events = await readEvents(`${dashboard.url}${path}?follow=1&timestamps=0`, {
        headers: lastId === "" ? {} : { "last-event-id": lastId },
        enough: got => got.length > 0,
      });
      const [first] = events;
      assert.ok(first);
      seen.push(...first.data.split("\n"));
      lastId = first.id;
    }
    await writer.close();
    const end = await readEvents(`${dashboard.url}${path}?follow=1`, { headers: { "last-event-id": lastId } });
    assert.deepEqual(
      end.map(one => one.event),
      ["end"],
    );
    assert.deepEqual(
      seen,
      Array.from({ length: 20 }, (_, n) => `line ${n}`),
    );
  });

  it("starts a followed log at its tail", async () => {
    await (await write([line(1), line(2), line(3)])).close();
    const events = await readEvents(`${dashboard.url}${path}?follow=1&tail=1&timestamps=false`);
    assert.deepEqual(
      events.map(one => one.data),
      ["line 3", '{"reason":"ended"}'],
    );
  });

  it("ends followed logs when it closes, and leaves nothing waiting", async () => {
    const other = await openDashboard({ WINDLASS_PREFIX: dashboard.redis.prefix });
    const writer = await other.logs.openWriter({ runId, taskId: "load", try: 1 });
    writer.write(line(1));
    await writer.flush();
    const got: SseEvent[][] = [];
    const reading = readEvents(`${other.url}${path}?follow=1`, { enough: events => got.push(events) < 0 });
    await until(() => got.length > 0, { what: "the first event" });
    await other.close();
    const events = await reading;
    assert.deepEqual(
      events.map(one => one.event),
      ["message"],
    );
    await writer.close();
  });
});

describe("dashboard: logs kept elsewhere", () => {
  let dashboard: OpenDashboard;
  before(async () => {
    dashboard = await openDashboard({
      WINDLASS_LOG_STORE: "none",
      WINDLASS_LOG_LINK: "https://logs.example/x?q={namespace}/{pod}&c={container}&from={start}&to={end}",
    });
  });
  after(() => dashboard.close());

  it("leads to the log of a try that ended, and of one under way", async () => {
    await dashboard.publish({ id: "far", tasks: [{ id: "load", operator: "pod", pod: { image: "a" } }] });
    const { body } = await dashboard.ask("/api/v1/dags/far/runs", { method: "POST", body: { runId: "1" } });
    const path = `${body.links.self}/tasks/load/logs`;
    assert.deepEqual(essence(await dashboard.ask(path)), [404, "WL_LOG_UNKNOWN"], "no pod yet");

    const { redis, prefix } = dashboard.redis;
    const pod = { namespace: "team", name: "far-load-1-abc", uid: "u" };
    await redis.hset(`${prefix}:run:far~1:notes`, "load", JSON.stringify({ phase: "running", pod }));
    const answer = async (query: string) => {
      const response = await fetch(`${dashboard.url}${path}${query}`, { redirect: "manual" });
      return [response.status, response.headers.get("location"), (await response.json()) as { log: string }] as const;
    };
    const [status, location, { log }] = await answer("?container=proxy");
    assert.equal(status, 303);
    assert.equal(location, log);
    assert.match(log, /^https:\/\/logs\.example\/x\?q=team\/far-load-1-abc&c=proxy&from=\d{13}&to=\d{13}$/);

    const record = {
      try: 1,
      infra: 0,
      state: "failed",
      startedAt: 1_000,
      endedAt: 2_000,
      pod,
      outcome: { result: "failed", code: "ExitCode", blame: "user", message: "" },
    };
    await redis.hset(`${prefix}:run:far~1:tries`, "load/1.0", JSON.stringify(record));
    const [, ended] = await answer("?try=1&infra=0");
    assert.equal(ended, "https://logs.example/x?q=team/far-load-1-abc&c=main&from=1000&to=2000");
  });

  it("refuses a template with a place that it does not know", () => {
    const env = { WINDLASS_LOG_LINK: "https://logs.example/{uid}" };
    assert.throws(() => readConfig(DashboardConfig, env), /WINDLASS_LOG_LINK: knows only \{pod\}/);
  });
});
