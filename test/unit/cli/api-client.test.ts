import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { allPages, collect } from "../../../services/cli/client/all-pages.ts";
import { ApiClient } from "../../../services/cli/client/api-client.ts";
import { followLog } from "../../../services/cli/client/follow-log.ts";
import { listRuns } from "../../../services/dashboard/routes/list-runs.ts";
import { showRun } from "../../../services/dashboard/routes/show-run.ts";
import { startRun } from "../../../services/dashboard/routes/start-run.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

describe("ApiClient", () => {
  let server: Server;
  let url: string;
  let answers: Answer[];
  let asked: string[];
  beforeEach(async () => {
    [answers, asked] = [[], []];
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      (answers.shift() ?? json({}))(request, response);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });

  const json =
    (body: unknown, status = 200): Answer =>
    (_request, response) => {
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    };
  const cut: Answer = request => request.socket.destroy();
  const client = (more: object = {}) => new ApiClient({ url, signal: new AbortController().signal, ...more });

  it("puts ids and questions into the address, and the token into the header", async () => {
    let authorization: string | undefined;
    answers = [
      (request, response) => {
        authorization = request.headers.authorization;
        json({ id: "x" })(request, response);
      },
      json({ runs: [] }),
    ];
    const api = client({ token: "secret" });
    await api.call(showRun, { params: { runId: "etl~a/b c" } });
    await api.call(listRuns, { query: { dagId: "etl", state: undefined, limit: 3 } });
    assert.deepEqual(asked, ["GET /api/v1/runs/etl~a%2Fb%20c", "GET /api/v1/runs?dagId=etl&limit=3"]);
    assert.equal(authorization, "Bearer secret");
  });

  it("asks again what may be asked again", async () => {
    answers = [cut, json({}, 503), json({ id: "x" })];
    assert.deepEqual(await client().call(showRun, { params: { runId: "x" } }), { id: "x" });
    assert.equal(asked.length, 3);
  });

  it("sends a POST once, and again only under one key", async () => {
    const call = { params: { dagId: "etl" }, body: {} };
    answers = [cut];
    await assert.rejects(client().call(startRun, call), { code: "WL_CLI_UNREACHABLE" });
    assert.equal(asked.length, 1);
    answers = [cut, json({ id: "etl~1" }, 201)];
    await client().call(startRun, { ...call, headers: { "idempotency-key": "k" } });
    assert.equal(asked.length, 3);
  });

  it("gives up after three attempts, and after the time for one", async () => {
    answers = [cut, cut, cut, cut];
    await assert.rejects(client().call(showRun, { params: { runId: "x" } }), { code: "WL_CLI_UNREACHABLE" });
    assert.equal(asked.length, 3);
    answers = [() => undefined];
    await assert.rejects(client({ timeoutMs: 50 }).call(startRun, { params: { dagId: "x" }, body: {} }), {
      code: "WL_CLI_UNREACHABLE",
      message: /no answer within 0\.05 s/,
    });
  });

  it("throws the problem of the server", async () => {
    answers = [json({ code: "WL_RUN_UNKNOWN", detail: "there is no run 'x'" }, 404)];
    await assert.rejects(client().call(showRun, { params: { runId: "x" } }), {
      status: 404,
      message: "there is no run 'x'",
    });
  });

  it("stops with its signal's reason", async () => {
    const abort = new AbortController();
    const reason = new Error("enough");
    answers = [() => abort.abort(reason)];
    await assert.rejects(client({ signal: abort.signal }).call(showRun, { params: { runId: "x" } }), reason);
  });

  it("reads lists page by page, and no further than it has to", async () => {
    const page = (ids: string[], next?: string) => json({ runs: ids.map(id => ({ id })), links: next ? { next } : {} });
    answers = [page(["a", "b"], "/api/v1/runs?limit=2&cursor=c1"), page(["c"]), page(["a", "b"], "/api/v1/runs?cursor=c1")];
    const ids = async (most?: number) =>
      (await collect(allPages(client(), listRuns, { query: { limit: 2 } }), ({ runs }) => runs, most)).map(({ id }) => id);
    assert.deepEqual(await ids(), ["a", "b", "c"]);
    assert.deepEqual(await ids(1), ["a"]);
    assert.deepEqual(asked, ["GET /api/v1/runs?limit=2", "GET /api/v1/runs?limit=2&cursor=c1", "GET /api/v1/runs?limit=2"]);
  });

  it("goes on with a log where its stream was cut", async () => {
    const from: (string | undefined)[] = [];
    const events =
      (text: string, isEnd: boolean): Answer =>
      (request, response) => {
        from.push(request.headers["last-event-id"] as string | undefined);
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(text, () => (isEnd ? response.end() : request.socket.destroy()));
      };
    answers = [
      events("id: 2\ndata: a\n\nid: 4\ndata: b\n\nid: 6\ndata: half", false),
      events('id: 6\ndata: c\n\nid: 6\nevent: end\ndata: {"reason":"ended"}\n\n', true),
    ];
    let text = "";
    const signal = new AbortController().signal;
    for await (const part of followLog(client(), { runId: "r", taskId: "t" }, { signal })) text += part;
    assert.equal(text, "a\nb\nc\n");
    assert.deepEqual(from, [undefined, "4"]);
  });
});
