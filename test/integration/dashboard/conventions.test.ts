import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { StartBackfillBody } from "#contract/backfill.ts";
import { Problem } from "#contract/problem.ts";
import { contentHash } from "#core/hash.ts";
import { seededDashboard } from "../../support/seeded-dashboard.ts";
import { until } from "../../support/until.ts";
import { type Answer, essence, type OpenDashboard } from "./open-dashboard.ts";

describe("dashboard: conventions", () => {
  let dashboard: OpenDashboard;
  beforeEach(async () => {
    dashboard = await seededDashboard();
  });
  afterEach(() => dashboard.close());

  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    dashboard.ask(path, { method, body, headers });
  const etagOf = async (path: string): Promise<string> => (await dashboard.ask(path)).headers.get("etag") ?? "";

  describe("polling", () => {
    const POLLED = [
      "/api/v1/dags",
      "/api/v1/dags/sample",
      "/api/v1/runs",
      "/api/v1/runs/sample~1",
      "/api/v1/runs/sample~1/tasks",
    ];
    for (const path of POLLED) {
      it(`answers 304 for ${path} until it changes`, async () => {
        const etag = await etagOf(path);
        const same = await send("GET", path, undefined, { "if-none-match": `"other", W/${etag}` });
        assert.deepEqual([same.status, same.text, same.headers.get("etag")], [304, "", etag]);
        await send("PATCH", "/api/v1/dags/sample", { paused: true });
        await send("POST", "/api/v1/runs/sample~1/cancel");
        await send("PATCH", "/api/v1/runs/sample~1", { note: "look", taskId: "load" });
        assert.equal((await send("GET", path, undefined, { "if-none-match": etag })).status, 200);
      });
    }
  });

  describe("edits", () => {
    const EDITS: [method: string, path: string, body: unknown][] = [
      ["PATCH", "/api/v1/dags/sample", { paused: true }],
      ["PUT", "/api/v1/variables/region", { value: "us" }],
      ["DELETE", "/api/v1/variables/region", undefined],
      ["PUT", "/api/v1/pools/small", { slots: 7 }],
      ["DELETE", "/api/v1/pools/small", undefined],
      ["PATCH", "/api/v1/queues/pods", { paused: true }],
    ];
    for (const [method, path, body] of EDITS) {
      it(`${method} ${path} is made once for what was seen`, async () => {
        const etag = await etagOf(path);
        const answers = await Promise.all(Array.from({ length: 6 }, () => send(method, path, body, { "if-match": etag })));
        const [made, others] = [answers.filter(({ status }) => status === 200), answers.filter(({ status }) => status !== 200)];
        assert.equal(made.length, 1);
        // Of what was removed there is nothing left to compare with.
        for (const { status } of others) assert.ok(status === 412 || (method === "DELETE" && status === 404), String(status));
      });
    }

    it("are made over what nobody has edited, although it has moved", async () => {
      const etag = await etagOf("/api/v1/dags/sample");
      await dashboard.state.pools.putPool({ name: "other", slots: 1 }, 1);
      assert.equal((await send("PATCH", "/api/v1/dags/sample", { paused: true }, { "if-match": `"x.y", ${etag}` })).status, 200);
      const late = await send("PATCH", "/api/v1/dags/sample", { paused: false }, { "if-match": etag });
      assert.deepEqual(
        [essence(late), late.body.links.current],
        [[412, "WL_PRECONDITION", "header/if-match"], "/api/v1/dags/sample"],
      );
      assert.equal((await send("PATCH", "/api/v1/dags/sample", { paused: false }, { "if-match": "*" })).status, 200);
      assert.equal((await send("PATCH", "/api/v1/dags/nope", { paused: false }, { "if-match": "*" })).status, 404);
    });
  });

  describe("Idempotency-Key", () => {
    const backfill = { dagId: "sample", from: "2026-01-01", until: "2026-01-03" };
    const key = { "idempotency-key": "k-1" };

    it("makes one backfill of many requests, and gives all of them its answer", async () => {
      const first = await send("POST", "/api/v1/backfills", backfill, key);
      const again = await send("POST", "/api/v1/backfills", { until: "2026-01-03", from: "2026-01-01", dagId: "sample" }, key);
      assert.deepEqual([first.status, again.status, again.text], [201, 201, first.text]);
      assert.deepEqual(
        [again.headers.get("location"), again.headers.get("idempotency-replayed"), first.headers.get("idempotency-replayed")],
        [first.headers.get("location"), "true", null],
      );
      assert.equal((await dashboard.state.backfills.list(10)).length, 1);
      const other = await send("POST", "/api/v1/backfills", { ...backfill, until: "2026-01-04" }, key);
      assert.deepEqual(essence(other), [422, "WL_IDEMPOTENCY_BODY", "header/idempotency-key"]);
    });

    it("is the caller's own for each path", async () => {
      await send("POST", "/api/v1/backfills", backfill, key);
      assert.equal((await send("POST", "/api/v1/dags/sample/runs", {}, key)).status, 201);
      assert.equal((await send("POST", "/api/v1/runs/sample~1/cancel", {}, key)).status, 202);
    });

    it("answers 409 while the first is under way", async () => {
      const [name, hash] = ["anonymous POST /api/v1/backfills k-1", contentHash(StartBackfillBody.parse(backfill))];
      assert.equal((await dashboard.state.replies.reserve(name, hash)).result, "first");
      const early = await send("POST", "/api/v1/backfills", backfill, key);
      assert.deepEqual([...essence(early), early.headers.get("retry-after")], [409, "WL_IDEMPOTENCY_BUSY", "1"]);
      await dashboard.state.replies.release(name);
      const many = await Promise.all(Array.from({ length: 8 }, () => send("POST", "/api/v1/backfills", backfill, key)));
      for (const { status } of many) assert.ok(status === 201 || status === 409, String(status));
      assert.equal((await dashboard.state.backfills.list(10)).length, 1);
    });

    it("forgets what failed", async () => {
      const wrong = { ...backfill, dagId: "nope" };
      assert.equal((await send("POST", "/api/v1/backfills", wrong, key)).status, 404);
      assert.equal((await send("POST", "/api/v1/backfills", backfill, key)).status, 201);
    });
  });

  describe("lists", () => {
    it("go on where links.next and the header Link lead", async () => {
      for (const name of ["a", "b", "c", "d"]) await dashboard.state.variables.putVariable(name, 1, { at: 1, by: "x" });
      const seen: string[] = [];
      for (let path: string | undefined = "/api/v1/variables?limit=2"; path !== undefined; ) {
        const { body, headers }: Answer = await dashboard.ask(path);
        seen.push(...body.variables.map(({ name }: { name: string }) => name));
        path = body.links.next;
        assert.equal(headers.get("link"), path === undefined ? null : `<${path}>; rel="next"`);
        // What comes and goes meanwhile moves nothing.
        if (seen.length === 2) await dashboard.state.variables.removeVariable("b", { at: 2, by: "x" });
      }
      assert.deepEqual(seen, ["a", "b", "c", "d", "region"]);
    });

    it("know their own cursors only", async () => {
      const { body } = await dashboard.ask("/api/v1/dags?limit=1&removed=true");
      const cursor = new URL(body.links.next, "http://x").searchParams.get("cursor");
      assert.deepEqual(essence(await dashboard.ask(`/api/v1/runs?cursor=${cursor}`)), [422, "WL_INPUT", "query/cursor"]);
      assert.deepEqual(essence(await dashboard.ask("/api/v1/dags?cursor=e30")), [422, "WL_INPUT", "query/cursor"]);
      assert.deepEqual(essence(await dashboard.ask("/api/v1/dags?cursor=!")), [422, "WL_INPUT", "query/cursor"]);
    });
  });

  describe("methods", () => {
    it("that a path does not know are refused with those it knows", async () => {
      const answer = await send("PUT", "/api/v1/runs");
      assert.deepEqual([essence(answer), answer.headers.get("allow")], [[405, "WL_METHOD"], "GET, HEAD, POST, OPTIONS"]);
      const options = await send("OPTIONS", "/api/v1/runs/sample~1");
      assert.deepEqual([options.status, options.headers.get("allow")], [204, "GET, HEAD, PATCH, OPTIONS"]);
      assert.equal((await fetch(`${dashboard.url}/api/v1/dags`, { method: "HEAD" })).status, 200);
    });
  });

  describe("wait", () => {
    it("holds the answer to a start until the run has ended, or says that it goes on", async () => {
      const on = await send("POST", "/api/v1/dags/sample/runs?wait=20ms", { runId: "a" });
      assert.deepEqual([on.status, on.body.state, on.headers.get("location")], [202, "queued", "/api/v1/runs/sample~a"]);
      const held = send("POST", "/api/v1/dags/sample/runs?wait=60s", { runId: "b" });
      await until(() => dashboard.state.runs.getSummary("sample~b"), { what: "the run" });
      await endRun("sample~b");
      assert.deepEqual([(await held).status, (await held).body.state], [201, "success"]);
      const shown = await dashboard.ask("/api/v1/runs/sample~b?wait=60s");
      assert.deepEqual([shown.status, shown.body.state], [200, "success"]);
      assert.equal((await dashboard.ask("/api/v1/runs/sample~a?wait=10ms")).status, 202);
      assert.equal((await dashboard.ask("/api/v1/runs/sample~nope?wait=60s")).status, 404);
      assert.deepEqual(essence(await dashboard.ask("/api/v1/runs/sample~a?wait=soon")), [422, "WL_INPUT", "query/wait"]);
    });

    async function endRun(runId: string): Promise<void> {
      const token = (await dashboard.state.leader.acquireLease("test", 60_000))!;
      const run = (await dashboard.state.runs.getRun(runId))!;
      await dashboard.state.leader.commit({
        token,
        run: { ...run, rev: 1, state: "success", endedAt: 2 },
        fromRev: 0,
        changes: [],
        orders: [],
        history: [],
        at: 2,
      });
    }
  });

  describe("input that is none", () => {
    const deep = (depth: number): unknown => (depth === 0 ? 1 : [deep(depth - 1)]);
    const TABLE: [what: string, method: string, path: string, body: unknown, expected: unknown[]][] = [
      ["a body of 2 MB", "PUT", "/api/v1/variables/x", { value: "x".repeat(2_000_000) }, [413, "WL_BODY_SIZE"]],
      ["JSON of 65 levels", "PUT", "/api/v1/variables/x", { value: deep(65) }, [422, "WL_INPUT", "body/value"]],
      ["JSON of 65 levels in no field", "POST", "/api/v1/runs/sample~1/clear", deep(65), [422, "WL_INPUT", "body"]],
      ["an encoded slash", "GET", "/api/v1/runs/a%2Fb", undefined, [422, "WL_INPUT", "path/runId"]],
      ["encoded dots", "GET", "/api/v1/dags/%2e%2e%2f%2e%2e", undefined, [422, "WL_INPUT", "path/dagId"]],
      ["NUL", "GET", "/api/v1/runs/sample~1%00", undefined, [422, "WL_INPUT", "path/runId"]],
      ["half a percent-encoding", "GET", "/api/v1/runs/%E0%A4%A", undefined, [422, "WL_INPUT", "path"]],
      [
        "half a character as a field's name",
        "POST",
        "/api/v1/runs",
        { "\ud800": 1, image: "a" },
        [422, "WL_INPUT", "body/%EF%BF%BD"],
      ],
      [
        "a field that every object has",
        "POST",
        "/api/v1/runs",
        { image: "a", affinity: { constructor: {} } },
        [422, "WL_INPUT", "body/affinity"],
      ],
      [
        "a duration of a million years",
        "POST",
        "/api/v1/runs",
        { image: "a", keepFor: "365000000d" },
        [422, "WL_INPUT", "body/keepFor"],
      ],
      ["a date before all others", "GET", "/api/v1/runs?createdAfter=0001-01-01T00:00:00Z", undefined, [200]],
    ];
    for (const [what, method, path, body, expected] of TABLE) {
      it(`${what}: ${expected[0]}`, async () => {
        const answer = await send(method, path, body);
        assert.deepEqual(answer.status < 400 ? [answer.status] : essence(answer), expected);
      });
    }

    const RAW: [what: string, text: string, status: number, code: string][] = [
      ["no HTTP", "hello\r\n\r\n", 400, "WL_REQUEST"],
      [
        "a flood of headers",
        `GET /api/v1/dags HTTP/1.1\r\nHost: localhost\r\n${"X-A: aaaaaaaaaaaaaaaa\r\n".repeat(2_000)}\r\n`,
        431,
        "WL_HEADERS",
      ],
      [
        "one header of 20 KB",
        `GET /api/v1/dags HTTP/1.1\r\nHost: localhost\r\nX-A: ${"a".repeat(20_000)}\r\n\r\n`,
        431,
        "WL_HEADERS",
      ],
      [
        "two lengths",
        "POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        400,
        "WL_REQUEST",
      ],
    ];
    for (const [what, text, status, code] of RAW) {
      it(`${what}: ${status}`, async () => {
        const { port, hostname } = new URL(dashboard.url);
        const socket = connect(Number(port), hostname);
        let answer = "";
        socket.on("data", data => {
          answer += data.toString();
        });
        // It hangs up on what it does not understand, perhaps before all of it has been sent.
        socket.on("error", error => assert.match(error.message, /EPIPE|ECONNRESET/));
        socket.write(text);
        await once(socket, "close");
        const [head = "", body = ""] = answer.split("\r\n\r\n");
        assert.match(head, new RegExp(`^HTTP/1.1 ${status} .*\\r\\nContent-Type: application/problem\\+json`));
        assert.equal(Problem.parse(JSON.parse(body)).code, code);
      });
    }
  });

  it("names the request in the answer, the audit and what comes of it", async () => {
    const { body } = await send("POST", "/api/v1/dags/sample/runs", {}, { "x-request-id": "trace-7" });
    assert.equal((await dashboard.state.runs.getSummary(body.id))?.trigger.requestId, "trace-7");
    const audit = await until(
      async () =>
        (await dashboard.ask("/api/v1/audit")).body.entries.find((entry: { requestId: string }) => entry.requestId === "trace-7"),
      { what: "the entry" },
    );
    assert.equal(audit.what, "POST /api/v1/dags/:dagId/runs");
  });
});
