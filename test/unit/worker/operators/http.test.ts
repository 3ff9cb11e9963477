import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { httpOperator } from "../../../../services/worker/operators/http.ts";
import { LOOKS, type LookDeps } from "../../../../services/worker/operators/looks.ts";
import { shownUrl } from "../../../../services/worker/operators/send-request.ts";
import { CALM, NOW, tryRunOf } from "./try-run.ts";

/** What the server on loopback answers, by path. */
const ANSWERS: Readonly<Record<string, { status?: number; body?: string; silent?: true }>> = {
  "/ok": { body: '{"rows": 3, "phase": "done", "nested": {"list": [1]}}' },
  "/text": { body: "hello" },
  "/missing": { status: 404 },
  "/teapot": { status: 418 },
  "/big": { body: `"${"x".repeat(70_000)}"` },
  "/silent": { silent: true },
};

describe("requests of tasks", () => {
  let server: Server;
  let base: string;
  const seen: { request: IncomingMessage; body: string }[] = [];
  before(async () => {
    server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      seen.push({ request, body });
      const answer = ANSWERS[new URL(request.url!, "http://x").pathname] ?? {};
      if (!answer.silent) response.writeHead(answer.status ?? 200).end(answer.body ?? "");
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => void seen.splice(0));

  const http = (enabled = true) =>
    httpOperator({ enabled, authorization: account => (account === "api" ? "Bearer t0ken" : undefined), now: () => NOW });
  const send = async (request: object, more: object = {}, signal = CALM, begunAt = NOW) =>
    http()(tryRunOf({ operator: "http", request, ...more }, { begunAt }), signal);

  const schema = { type: "object", properties: { rows: { type: "number" } }, required: ["rows"] };
  const table: readonly (readonly [what: string, path: string, more: object, request: object, said: string, output: unknown])[] =
    [
      ["an answer", "/ok", {}, {}, "success Completed", undefined],
      ["a result", "/ok", { result: schema }, {}, "success Completed", { rows: 3, phase: "done", nested: { list: [1] } }],
      ["a body that is no result", "/text", { result: schema }, {}, "failed ResultInvalid", undefined],
      ["no body where one is asked for", "/missing", { result: schema }, { okStatus: [404] }, "failed ResultMissing", undefined],
      ["a status that does not count", "/missing", {}, {}, "failed HttpStatus", undefined],
      ["a status that does", "/teapot", {}, { okStatus: [418] }, "success Completed", undefined],
      ["an answer that is too long", "/big", {}, {}, "failed HttpBodyTooLarge", undefined],
      ["no answer in time", "/silent", {}, { timeoutMs: 30 }, "failed HttpUnreachable", undefined],
      ["the task's own time up", "/silent", { timeoutMs: 30 }, {}, "failed Timeout", undefined],
      ["an account nobody has", "/ok", {}, { account: "other" }, "failed HttpAccountUnknown", undefined],
    ];
  for (const [what, path, more, request, said, output] of table) {
    it(`${what}: ${said}`, async () => {
      const end = await send({ url: `${base}${path}?key=s3cret`, ...request }, more);
      assert.ok(end.type === "ended");
      assert.deepEqual([`${end.outcome.result} ${end.outcome.code}`, end.output], [said, output]);
      assert.doesNotMatch(JSON.stringify(end.outcome), /s3cret|t0ken/);
    });
  }

  it("sends what the task says, its account's header, and the same key for every repetition of a try", async () => {
    const request = { url: `${base}/ok`, method: "POST", headers: { "x-a": "1" }, body: { a: 1 }, account: "api" };
    await send(request);
    await send(request);
    const [first, second] = seen.map(({ request: { method, headers }, body }) => [
      method,
      headers["x-a"],
      headers.authorization,
      headers["content-type"],
      headers["idempotency-key"],
      body,
    ]);
    assert.deepEqual(first, ["POST", "1", "Bearer t0ken", "application/json", "etl~1~ask~1", '{"a":1}']);
    assert.deepEqual(second, first);
  });

  it("nobody there: failed HttpUnreachable", async () => {
    const end = await send({ url: "http://127.0.0.1:1/" });
    assert.equal(end.type === "ended" && end.outcome.code, "HttpUnreachable");
  });

  for (const [reason, expected] of [
    ["drain", { type: "stopped" }],
    ["cancel", "Cancelled"],
  ] as const) {
    it(`stops in the middle for a ${reason}`, async () => {
      const stop = new AbortController();
      const sending = send({ url: `${base}/silent` }, {}, stop.signal);
      await once(server, "request");
      stop.abort(reason);
      const end = await sending;
      assert.deepEqual(end.type === "ended" ? end.outcome.code : end, expected);
    });
  }

  it("sends nothing where the site has switched it off", async () => {
    const end = await http(false)(tryRunOf({ operator: "http", request: { url: `${base}/ok` } }), CALM);
    assert.deepEqual([end.type === "ended" && end.outcome.code, seen.length], ["HttpOff", 0]);
  });

  const looks: readonly (readonly [what: string, url: string, body: object | undefined, is: string])[] = [
    ["an answer that is fine", "/ok", undefined, "there"],
    ["a status that is not", "/missing", undefined, "not-yet"],
    ["a value", "/ok", { path: "phase", equals: "done" }, "there"],
    ["another value", "/ok", { path: "phase", equals: "running" }, "not-yet"],
    ["an equal list", "/ok", { path: "nested", equals: { list: [1] } }, "there"],
    ["anything true", "/ok", { path: "rows" }, "there"],
    ["nothing at the path", "/ok", { path: "rows.more" }, "not-yet"],
    ["no JSON", "/text", { path: "phase" }, "not-yet"],
  ];
  const deps = { httpEnabled: true, authorization: () => undefined, now: () => NOW } as unknown as LookDeps;
  for (const [what, url, body, is] of looks) {
    it(`a wait for ${what}: ${is}`, async () => {
      const spec = { kind: "http" as const, request: { url: `${base}${url}` }, ...(body && { body: body as { path: string } }) };
      assert.equal((await LOOKS.http(spec, tryRunOf({ operator: "wait", for: spec }), deps, CALM)).is, is);
    });
  }

  it("a wait for a server that is away: not-yet", async () => {
    const spec = { kind: "http" as const, request: { url: "http://127.0.0.1:1/" } };
    assert.equal((await LOOKS.http(spec, tryRunOf({ operator: "wait", for: spec }), deps, CALM)).is, "not-yet");
  });
});

describe("shownUrl", () => {
  it("leaves out queries and logins", () =>
    assert.equal(shownUrl("https://u:p@x.example/a/b?token=1#c"), "https://x.example/a/b"));
  it("shows nothing of what is no address", () => assert.equal(shownUrl("secret"), "the address"));
});
