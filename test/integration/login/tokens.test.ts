import assert from "node:assert/strict";
import type { Grant } from "#core/rights.ts";
import { essence, type OpenDashboard, openDashboard } from "../dashboard/open-dashboard.ts";
import { addUser, logIn, tokenOf } from "./login-support.ts";

const OPERATOR: Grant[] = [{ role: "operator", dags: { tags: ["etl"] } }];

describe("API tokens", () => {
  let dashboard: OpenDashboard;
  before(async () => {
    dashboard = await openDashboard({ WINDLASS_AUTH: "password" });
    await addUser(dashboard, "ann", [{ role: "admin" }]);
    await addUser(dashboard, "bob", OPERATOR);
    await addUser(dashboard, "eve", [{ role: "viewer" }]);
  });
  after(() => dashboard.close());

  const as = async (name: string) => {
    const { headers } = await logIn(dashboard, name);
    return (path: string, method = "GET", body?: unknown) => dashboard.ask(`/api/v1${path}`, { method, body, headers });
  };
  const me = (token: string) => dashboard.ask("/api/v1/me", { headers: { authorization: `Bearer ${token}` } });
  const idsOf = ({ body }: { body: { tokens: { id: string }[] } }) => body.tokens.map(({ id }) => id);

  it("are shown once, hold what their maker holds, and tell when they were used", async () => {
    const bob = await as("bob");
    const made = await bob("/tokens", "POST", { name: "ci", expiresIn: "1d" });
    assert.deepEqual([made.status, made.headers.get("location")], [201, made.body.links.self]);
    assert.match(made.body.token, /^wl_[A-Za-z0-9_-]{43}$/);
    assert.deepEqual((await me(made.body.token)).body, { name: "bob/ci", role: "operator", grants: OPERATOR });
    const list = await bob("/tokens");
    assert.doesNotMatch(list.text, /wl_/);
    const [shown] = list.body.tokens;
    assert.deepEqual([shown.name, shown.by, shown.grants], ["ci", "bob", OPERATOR]);
    assert.equal(Date.parse(shown.expiresAt) - Date.parse(shown.createdAt), 86_400_000);
    assert.match(shown.lastUsedAt, /Z$/);
  });

  it("never hold more than their maker", async () => {
    const bob = await as("bob");
    const table: [Grant[], number][] = [
      [[{ role: "viewer", dags: { tags: ["etl"] } }], 201],
      [[{ role: "author", dags: { tags: ["etl"] } }], 403],
      [[{ role: "viewer" }], 403],
      [[{ role: "viewer", dags: { tags: ["etl", "ml"] } }], 403],
    ];
    for (const [grants, status] of table)
      assert.equal((await bob("/tokens", "POST", { name: "x", grants })).status, status, JSON.stringify(grants));
    const token = (await bob("/tokens", "POST", { name: "small", grants: table[0]![0] })).body.token;
    const headers = { authorization: `Bearer ${token}` };
    const larger = await dashboard.ask("/api/v1/tokens", { method: "POST", body: { name: "y", grants: OPERATOR }, headers });
    assert.deepEqual(essence(larger), [403, "WL_FORBIDDEN"]);
  });

  it("are seen and revoked by their makers and by admins", async () => {
    const [ann, bob, eve] = await Promise.all(["ann", "bob", "eve"].map(as));
    const { id, token } = (await bob!("/tokens", "POST", { name: "mine" })).body;
    assert.equal(idsOf(await eve!("/tokens")).includes(id), false);
    assert.equal(idsOf(await ann!("/tokens")).includes(id), true);
    assert.deepEqual(essence(await eve!(`/tokens/${id}`, "DELETE")), [404, "WL_TOKEN_UNKNOWN"]);
    assert.equal((await me(token)).status, 200);
    assert.equal(idsOf(await bob!(`/tokens/${id}`, "DELETE")).includes(id), false);
    assert.deepEqual(essence(await me(token)), [401, "WL_AUTH"]);
    const other = (await bob!("/tokens", "POST", { name: "other" })).body;
    assert.equal((await ann!(`/tokens/${other.id}`, "DELETE")).status, 200);
    assert.equal((await me(other.token)).status, 401);
  });

  it("send nothing unasked: a write with one needs no session's token", async () => {
    const headers = await tokenOf(dashboard, [{ role: "admin" }]);
    const foreign = { ...headers, "sec-fetch-site": "cross-site", origin: "https://evil.example" };
    const answer = await dashboard.ask("/api/v1/variables/x", { method: "PUT", body: { value: 1 }, headers: foreign });
    assert.equal(answer.status, 201);
  });

  it("tells what is wrong with a request", async () => {
    const ann = await as("ann");
    const table: [unknown, string][] = [
      [{}, "body/name"],
      [{ name: "a b" }, "body/name"],
      [{ name: "a", expiresIn: 0 }, "body/expiresIn"],
      [{ name: "a", expiresIn: "20y" }, "body/expiresIn"],
      [{ name: "a", grants: [] }, "body/grants"],
      [{ name: "a", grants: [{ role: "root" }] }, "body/grants/0/role"],
      [{ name: "a", grants: [{ role: "viewer", dags: {} }] }, "body/grants/0/dags"],
      [{ name: "a", token: "wl_mine" }, "body/token"],
    ];
    for (const [body, pointer] of table)
      assert.deepEqual(essence(await ann("/tokens", "POST", body)), [422, "WL_INPUT", pointer], JSON.stringify(body));
  });

  it("end with their maker, and with the rights that they were made of", async () => {
    const ann = await as("ann");
    const user = (grants: Grant[]) => ann("/users/tim", "PUT", { grants, password: "a long password" });
    assert.equal((await user([{ role: "operator" }])).status, 201);
    const { headers } = await logIn(dashboard, "tim", "a long password");
    const make = async (name: string, grants: Grant[]) =>
      (await dashboard.ask("/api/v1/tokens", { method: "POST", body: { name, grants }, headers })).body.token as string;
    const [reads, acts] = [await make("reads", [{ role: "viewer" }]), await make("acts", [{ role: "operator" }])];
    assert.equal((await user([{ role: "viewer" }])).status, 200);
    assert.deepEqual([(await me(reads)).status, (await me(acts)).status], [200, 401]);
    assert.equal((await ann("/users/tim", "DELETE")).status, 200);
    assert.equal((await me(reads)).status, 401);
    assert.deepEqual(essence(await ann("/users/tim")), [404, "WL_USER_UNKNOWN"]);
  });

  it("leave an admin in the house", async () => {
    const ann = await as("ann");
    assert.deepEqual(essence(await ann("/users/ann", "DELETE")), [409, "WL_USER_LAST"]);
    assert.deepEqual(essence(await ann("/users/ann", "PUT", { grants: [{ role: "author" }] })), [409, "WL_USER_LAST"]);
    assert.deepEqual(essence(await ann("/users/new", "PUT", { grants: [{ role: "viewer" }] })), [
      422,
      "WL_INPUT",
      "body/password",
    ]);
    const { text } = await ann("/users");
    assert.doesNotMatch(text, /scrypt|password/i);
  });
});
