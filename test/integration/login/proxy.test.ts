import assert from "node:assert/strict";
import { readConfig } from "#runtime/config.ts";
import { authOf } from "../../../services/dashboard/auth/auth-settings.ts";
import { isListed, parseAddresses } from "../../../services/dashboard/auth/trusted-addresses.ts";
import { DashboardConfig } from "../../../services/dashboard/config.ts";
import { until } from "../../support/until.ts";
import { essence, type OpenDashboard, openDashboard } from "../dashboard/open-dashboard.ts";

const RIGHTS = {
  users: { ann: [{ role: "admin" }] },
  groups: { data: [{ role: "operator", dags: { tags: ["etl"] } }], ops: [{ role: "author" }] },
};
const PROXY = {
  WINDLASS_AUTH: "proxy",
  WINDLASS_TRUSTED_PROXIES: "127.0.0.0/8",
  WINDLASS_PROXY_GROUPS_HEADER: "X-Forwarded-Groups",
  WINDLASS_RIGHTS: JSON.stringify(RIGHTS),
};

describe("login: a proxy's word", () => {
  let dashboard: OpenDashboard;
  afterEach(() => dashboard.close());
  const me = async (headers: Record<string, string>) => {
    const { status, body } = await dashboard.ask("/api/v1/me", { headers });
    return status === 200 ? [body.name, body.role] : status;
  };

  it("counts when the proxy is trusted: name, groups and what they may", async () => {
    dashboard = await openDashboard(PROXY);
    assert.deepEqual(await me({ "x-forwarded-user": "ann" }), ["ann", "admin"]);
    assert.deepEqual(await me({ "x-forwarded-user": "bob", "x-forwarded-groups": "x, ops,data" }), ["bob", "author"]);
    assert.deepEqual(await me({ "x-forwarded-user": "bob", "x-forwarded-groups": "data" }), ["bob", "operator"]);
    assert.equal(await me({ "x-forwarded-user": "bob" }), 403, "nobody without a role");
    assert.equal(await me({ "x-forwarded-user": "constructor", "x-forwarded-groups": "__proto__,toString" }), 403);
    assert.equal(await me({ "x-forwarded-groups": "ops" }), 401);
    assert.equal(await me({ "x-forwarded-user": " " }), 401);
  });

  it("counts for nothing from anywhere else", async () => {
    dashboard = await openDashboard({ ...PROXY, WINDLASS_TRUSTED_PROXIES: "10.0.0.0/8,fd00::/8" });
    assert.equal(await me({ "x-forwarded-user": "ann" }), 401);
    assert.equal(await me({ "x-forwarded-user": "ann", "x-forwarded-for": "10.0.0.1" }), 401);
  });

  it("may come in another header", async () => {
    dashboard = await openDashboard({ ...PROXY, WINDLASS_PROXY_HEADER: "Remote-User" });
    assert.deepEqual(await me({ "remote-user": "ann" }), ["ann", "admin"]);
    assert.equal(await me({ "x-forwarded-user": "ann" }), 401);
  });

  it("lets no other site's page write in the person's name", async () => {
    dashboard = await openDashboard(PROXY);
    const headers = { "x-forwarded-user": "ann", "sec-fetch-site": "cross-site", origin: "https://evil.example" };
    const write = (more: Record<string, string>) =>
      dashboard.ask("/api/v1/variables/x", { method: "PUT", body: { value: 1 }, headers: { ...headers, ...more } });
    assert.deepEqual(essence(await write({})), [403, "WL_FORBIDDEN"]);
    assert.equal((await write({ "sec-fetch-site": "same-origin" })).status, 201);
  });

  it("is believed about the client's address, which the audit shows", async () => {
    dashboard = await openDashboard(PROXY);
    const headers = { "x-forwarded-user": "ann", "x-forwarded-for": "1.2.3.4, 203.0.113.9" };
    await dashboard.ask("/api/v1/variables/x", { method: "PUT", body: { value: 1 }, headers });
    const { audit } = dashboard.state;
    await until(async () => (await audit.list({ limit: 1 })).entries.length === 1, { what: "the audit" });
    assert.equal((await audit.list({ limit: 1 })).entries[0]!.from, "203.0.113.9", "the last hop that is not trusted");
  });
});

describe("login: how often a caller may write", () => {
  it("is counted for all dashboards together, and said with every answer", async () => {
    const token = "0123456789abcdef";
    const dashboard = await openDashboard({ WINDLASS_TOKEN: token, WINDLASS_WRITES_PER_MINUTE: "2" });
    const other = await openDashboard({
      WINDLASS_TOKEN: token,
      WINDLASS_WRITES_PER_MINUTE: "2",
      WINDLASS_PREFIX: dashboard.redis.prefix,
      REDIS_URL: dashboard.redis.url,
    });
    try {
      const headers = { authorization: `Bearer ${token}` };
      const write = ({ ask }: OpenDashboard) => ask("/api/v1/variables/x", { method: "PUT", body: { value: 1 }, headers });
      const [first, second, third] = [await write(dashboard), await write(other), await write(dashboard)];
      assert.deepEqual([first.status, second.status, ...essence(third)], [201, 200, 429, "WL_RATE"]);
      assert.match(first.headers.get("ratelimit") ?? "", /^"writes";r=1;t=(60|59)$/);
      assert.equal(first.headers.get("ratelimit-policy"), '"writes";q=2;w=60');
      assert.match(third.headers.get("retry-after") ?? "", /^\d+$/);
      assert.equal((await dashboard.ask("/api/v1/variables", { headers })).status, 200, "reads go on");
    } finally {
      await other.close();
      await dashboard.close();
    }
  });
});

describe("trusted addresses", () => {
  const table: readonly [list: string, address: string, expected: boolean][] = [
    ["10.0.0.0/8", "10.255.0.1", true],
    ["10.0.0.0/8", "11.0.0.1", false],
    ["10.0.0.0/8", "::ffff:10.1.1.1", true],
    ["127.0.0.1, fd00::/8", "fd12::1", true],
    ["127.0.0.1", "127.0.0.2", false],
    ["::1", "::1", true],
    ["127.0.0.1", "", false],
  ];
  for (const [list, address, expected] of table) {
    it(`${list} ${expected ? "has" : "has not"} '${address}'`, () =>
      assert.equal(isListed(parseAddresses(list)!, address), expected));
  }
  for (const broken of ["", "10.0.0.0/33", "10.0.0.0/x", "10.0.0", "a.example", "10.0.0.0/8/8", "10.0.0.0/"]) {
    it(`'${broken}' is no list`, () => assert.equal(parseAddresses(broken), undefined));
  }
});

describe("login: settings", () => {
  const TOKEN = { WINDLASS_TOKEN: "0123456789abcdef" };
  const OIDC = {
    WINDLASS_OIDC_ISSUER: "https://id.example",
    WINDLASS_OIDC_CLIENT_ID: "w",
    WINDLASS_BASE_URL: "https://w.example",
  };
  const table: readonly [env: Record<string, string>, modes: string[] | RegExp][] = [
    [{}, ["none"]],
    [TOKEN, ["token"]],
    [{ ...TOKEN, WINDLASS_AUTH: "password" }, ["password"]],
    [{ WINDLASS_AUTH: "password, oidc", ...OIDC }, ["password", "oidc"]],
    [{ ...TOKEN, WINDLASS_AUTH: "none" }, /asks nobody for a login/],
    [{ WINDLASS_AUTH: "none,password" }, /asks nobody for a login/],
    [{ WINDLASS_AUTH: "token" }, /needs WINDLASS_TOKEN/],
    [{ WINDLASS_AUTH: "proxy" }, /needs WINDLASS_TRUSTED_PROXIES/],
    [{ WINDLASS_AUTH: "oidc" }, /needs WINDLASS_OIDC_ISSUER/],
    [{ WINDLASS_AUTH: "oidc", ...OIDC, WINDLASS_BASE_URL: "" }, /needs WINDLASS_BASE_URL/],
    [{ WINDLASS_AUTH: "oidc", ...OIDC, WINDLASS_OIDC_ISSUER: "http://id.example" }, /must be https/],
    [{ WINDLASS_AUTH: "oidc", ...OIDC, WINDLASS_OIDC_ISSUER: "http://127.0.0.1:1" }, ["oidc"]],
    [{ WINDLASS_AUTH: "sso" }, /WINDLASS_AUTH/],
    [{ WINDLASS_TRUSTED_PROXIES: "everybody" }, /WINDLASS_TRUSTED_PROXIES: must be addresses/],
    [{ WINDLASS_RIGHTS: "{" }, /WINDLASS_RIGHTS: is no JSON/],
    [{ WINDLASS_RIGHTS: '{"groups":{"a":[{"role":"root"}]}}' }, /WINDLASS_RIGHTS/],
  ];
  for (const [env, expected] of table) {
    it(JSON.stringify(env), () => {
      const read = () => [...authOf(readConfig(DashboardConfig, env)).modes];
      if (expected instanceof RegExp) assert.throws(read, { code: "WL_CONFIG", message: expected });
      else assert.deepEqual(read(), expected);
    });
  }
});
