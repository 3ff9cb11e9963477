import assert from "node:assert/strict";
import type { AuditEntry } from "#state/audit-store.ts";
import { until } from "../../support/until.ts";
import { essence, type OpenDashboard, openDashboard } from "../dashboard/open-dashboard.ts";
import { addUser, logIn, PASSWORD, tokenOf } from "./login-support.ts";

describe("audit", () => {
  let dashboard: OpenDashboard;
  let headers: { authorization: string };
  beforeEach(async () => {
    dashboard = await openDashboard({ WINDLASS_AUTH: "password" });
    await addUser(dashboard, "ann", [{ role: "admin" }]);
    await dashboard.publish({ id: "etl", tasks: [{ id: "t", operator: "empty" }] });
    headers = await tokenOf(dashboard, [{ role: "admin" }], { by: "ann" });
  });
  afterEach(() => dashboard.close());

  const write = (method: string, path: string, body?: unknown, more: Record<string, string> = {}) =>
    dashboard.ask(`/api/v1${path}`, { method, body, headers: { ...headers, ...more } });
  const entries = async (query = ""): Promise<AuditEntry[]> =>
    (await dashboard.ask(`/api/v1/audit${query}`, { headers })).body.entries;
  const settled = (count: number) => until(async () => (await entries()).length === count, { what: `${count} entries` });

  it("says of an edit what was before and after, by whom, from where, under which request", async () => {
    await write("PUT", "/variables/x", { value: 1 }, { "x-request-id": "r-1" });
    await settled(1);
    await write("PUT", "/variables/x", { value: { b: 2 } }, { "x-request-id": "r-2" });
    await settled(2);
    const [second, first] = await entries();
    const made = { who: /^ann\/t\d+$/, what: "PUT /api/v1/variables/:name", target: "/api/v1/variables/x" };
    for (const entry of [first!, second!]) {
      assert.match(entry.who, made.who);
      assert.partialDeepStrictEqual(entry, { what: made.what, target: made.target, from: "127.0.0.1" });
    }
    assert.deepEqual([first!.status, first!.before, first!.after, first!.requestId], [201, undefined, { value: 1 }, "r-1"]);
    assert.deepEqual(second!.before, { value: 1 });
    assert.deepEqual([second!.status, second!.after, second!.requestId], [200, { value: { b: 2 } }, "r-2"]);
  });

  const WRITES: readonly [method: string, path: string, body: unknown, status: number, what: string][] = [
    ["POST", "/dags/etl/runs", { conf: { a: 1 } }, 201, "POST /api/v1/dags/:dagId/runs"],
    ["PATCH", "/dags/etl", { paused: true }, 200, "PATCH /api/v1/dags/:dagId"],
    ["PATCH", "/dags/nope", { paused: true }, 404, "PATCH /api/v1/dags/:dagId"],
    ["PUT", "/pools/p", { slots: -1 }, 422, "PUT /api/v1/pools/:pool"],
    ["DELETE", "/variables/nope", undefined, 404, "DELETE /api/v1/variables/:name"],
    ["POST", "/nowhere", {}, 404, "POST"],
  ];
  for (const [method, path, body, status, what] of WRITES) {
    it(`has ${method} ${path}, answered ${status}`, async () => {
      assert.equal((await write(method, path, body)).status, status);
      await settled(1);
      assert.partialDeepStrictEqual((await entries())[0], { what, status, target: `/api/v1${path}` });
    });
  }

  it("has what was refused for want of rights or of a session's token, and no reads", async () => {
    const viewer = await tokenOf(dashboard, [{ role: "viewer" }], { by: "eve" });
    await dashboard.ask("/api/v1/pools/p", { method: "PUT", body: { slots: 1 }, headers: viewer });
    await settled(1);
    const { cookie } = await logIn(dashboard, "ann");
    await dashboard.ask("/api/v1/pools/p", { method: "PUT", body: { slots: 1 }, headers: { cookie } });
    await dashboard.ask("/api/v1/pools", { headers });
    await settled(3);
    const seen = (await entries()).map(({ who, what, status }) => [who.split("/")[0], what, status]);
    assert.deepEqual(seen, [
      ["ann", "PUT", 403],
      ["ann", "login", 200],
      ["eve", "PUT /api/v1/pools/:pool", 403],
    ]);
  });

  it("has logins that failed; strangers can push nothing else into it", async () => {
    await dashboard.ask("/login", { method: "POST", body: { name: "ann", password: "wrong guess" } });
    await settled(1);
    for (let n = 0; n < 5; n++) await dashboard.ask("/api/v1/runs", { method: "POST", body: { image: "a" } });
    await logIn(dashboard, "ann");
    await settled(2);
    assert.deepEqual(
      (await entries()).map(({ who, what, status }) => [who, what, status]),
      [
        ["ann", "login", 200],
        ["ann", "login", 401],
      ],
    );
    const text = JSON.stringify(await entries());
    assert.doesNotMatch(text, new RegExp(`wrong guess|${PASSWORD}`));
  });

  it("keeps secrets out, and cuts what is long", async () => {
    await write("PUT", "/users/tim", { grants: [{ role: "viewer" }], password: "tims own password" });
    const made = await write("POST", "/tokens", { name: "ci" });
    await write("PUT", "/variables/long", { value: "x".repeat(10_000) });
    await settled(3);
    const [long, , user] = await entries();
    assert.equal((long!.after as string).length, 4_001);
    assert.deepEqual(user!.after, { grants: [{ role: "viewer" }], password: "***" });
    assert.equal(JSON.stringify(await entries()).includes(made.body.token), false);
  });

  it("is read by admins only, by filter and page", async () => {
    for (const name of ["a", "b", "c"]) await write("PUT", `/variables/${name}`, { value: 1 });
    await write("PUT", "/pools/p", { slots: 1 });
    await settled(4);
    const author = await tokenOf(dashboard, [{ role: "author" }]);
    assert.deepEqual(essence(await dashboard.ask("/api/v1/audit", { headers: author })), [403, "WL_FORBIDDEN"]);
    const targets = async (query: string) => (await entries(query)).map(({ target }) => target.split("/").at(-1)).sort();
    assert.deepEqual(await targets("?what=PUT%20/api/v1/variables"), ["a", "b", "c"]);
    assert.deepEqual(await targets("?target=pools"), ["p"]);
    assert.deepEqual(await targets("?who=nobody"), []);
    assert.deepEqual(await targets("?since=2100-01-01T00:00:00Z"), []);
    assert.equal((await targets("?until=2100-01-01T00:00:00Z")).length, 4);
    const pages: string[] = [];
    for (let next: string | undefined = "/api/v1/audit?limit=3"; next !== undefined; ) {
      const { body } = await dashboard.ask(next, { headers });
      pages.push(...body.entries.map((entry: AuditEntry) => entry.target));
      next = body.links.next;
    }
    assert.equal(new Set(pages).size, 4);
    for (const query of ["?limit=0", "?cursor=x", "?since=yesterday", "?by=ann"])
      assert.equal((await dashboard.ask(`/api/v1/audit${query}`, { headers })).status, 422, query);
  });
});
