import assert from "node:assert/strict";
import { request } from "node:http";
import type { WindlassError } from "#core/errors.ts";
import { readConfig } from "#runtime/config.ts";
import { assertGuarded, authOf } from "../../../services/dashboard/auth/auth-settings.ts";
import { DashboardConfig } from "../../../services/dashboard/config.ts";
import { type OpenDashboard, openDashboard } from "./open-dashboard.ts";

const TOKEN = "wl-0123456789abcdef";
const LOGIN = { WINDLASS_USER: "ada", WINDLASS_PASSWORD: "correct horse: battery" };
const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** fetch does not let a caller choose Host. */
const statusAs = (url: string, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(`${url}/api/v1/dags`, { headers: { host }, agent: false }, response => {
      response.resume();
      resolve(response.statusCode);
    })
      .on("error", reject)
      .end();
  });

describe("dashboard: who may use it", () => {
  let dashboard: OpenDashboard | undefined;
  afterEach(async () => {
    await dashboard?.close();
    dashboard = undefined;
  });

  const statusesOf = async (env: Record<string, string>, authorizations: (string | undefined)[]): Promise<number[]> => {
    const open = await openDashboard(env);
    dashboard = open;
    const answers = authorizations.map(authorization =>
      open.ask("/api/v1/dags", { headers: authorization === undefined ? {} : { authorization } }),
    );
    return (await Promise.all(answers)).map(answer => answer.status);
  };

  it("takes the token of a program, and as the password of a browser while there is no login", async () => {
    const tried = [
      undefined,
      `Bearer ${TOKEN}`,
      `bearer ${TOKEN}`,
      "Bearer wrong",
      `Bearer ${TOKEN}x`,
      "Bearer",
      TOKEN,
      basic("any", TOKEN),
      basic("any", "wrong"),
    ];
    assert.deepEqual(await statusesOf({ WINDLASS_TOKEN: TOKEN }, tried), [401, 200, 200, 401, 401, 401, 401, 200, 401]);
  });

  it("takes a browser's login", async () => {
    const tried = [
      undefined,
      basic("ada", LOGIN.WINDLASS_PASSWORD),
      basic("ada", "wrong"),
      basic("eve", LOGIN.WINDLASS_PASSWORD),
      basic("ada", ""),
      "Basic !!!",
      `Bearer ${TOKEN}`,
    ];
    assert.deepEqual(await statusesOf(LOGIN, tried), [401, 200, 401, 401, 401, 401, 401]);
  });

  it("takes both, but then the token is no password", async () => {
    const tried = [`Bearer ${TOKEN}`, basic("ada", LOGIN.WINDLASS_PASSWORD), basic("ada", TOKEN)];
    assert.deepEqual(await statusesOf({ ...LOGIN, WINDLASS_TOKEN: TOKEN }, tried), [200, 200, 401]);
  });

  it("guards every page but the probes, and makes a browser ask for the login", async () => {
    dashboard = await openDashboard(LOGIN);
    for (const path of [
      "/",
      "/runs/x",
      "/theme.js",
      "/queues",
      "/queues/api/queues",
      "/api/v1/runs",
      "/nope",
      "/problems/WL_AUTH",
    ]) {
      const answer = await dashboard.ask(path);
      assert.deepEqual([answer.status, answer.body.code], [401, "WL_AUTH"], path);
      assert.equal(answer.headers.get("www-authenticate"), 'Basic realm="Windlass", charset="UTF-8"');
    }
    for (const path of ["/livez", "/readyz", "/metrics", "/version"]) assert.equal((await dashboard.ask(path)).status, 200, path);
  });

  it("remembers who started and who cancelled", async () => {
    dashboard = await openDashboard({ ...LOGIN, WINDLASS_TOKEN: TOKEN });
    const start = async (authorization: string) => {
      const { body } =
        (await dashboard?.ask("/api/v1/runs", { method: "POST", body: { image: "a" }, headers: { authorization } })) ?? {};
      return (await dashboard?.state.runs.getRun(body.id))?.trigger.by;
    };
    assert.deepEqual([await start(basic("ada", LOGIN.WINDLASS_PASSWORD)), await start(`Bearer ${TOKEN}`)], ["ada", "token"]);
  });

  it("refuses writes that another site's page causes", async () => {
    dashboard = await openDashboard({ ...LOGIN, WINDLASS_TOKEN: TOKEN });
    const own = new URL(dashboard.url).origin;
    const browser = basic("ada", LOGIN.WINDLASS_PASSWORD);
    const table: [string, Record<string, string>, number][] = [
      ["a program with Basic", {}, 201],
      ["our own page", { "sec-fetch-site": "same-origin", origin: own }, 201],
      ["typed by a person", { "sec-fetch-site": "none" }, 201],
      ["another site", { "sec-fetch-site": "cross-site", origin: "https://evil.example" }, 403],
      ["another site under our domain", { "sec-fetch-site": "same-site", origin: "https://other.example" }, 403],
      ["our own page in an old browser", { origin: own }, 201],
      ["another site in an old browser", { origin: "https://evil.example" }, 403],
      ["a sandboxed page", { origin: "null" }, 403],
    ];
    for (const [name, headers, status] of table) {
      const answer = await dashboard.ask("/api/v1/runs", {
        method: "POST",
        body: { image: "a" },
        headers: { ...headers, authorization: browser },
      });
      assert.equal(answer.status, status, name);
    }
    const foreign = { "sec-fetch-site": "cross-site", origin: "https://evil.example" };
    const token = await dashboard.ask("/api/v1/runs", {
      method: "POST",
      body: { image: "a" },
      headers: { ...foreign, authorization: `Bearer ${TOKEN}` },
    });
    assert.equal(token.status, 201);
    const board = await dashboard.ask("/queues/api/queues/pods/pause", {
      method: "PUT",
      headers: { ...foreign, authorization: browser },
    });
    assert.deepEqual([board.status, board.body.code], [403, "WL_FORBIDDEN"]);
  });

  it("without a login answers under this machine's own names only, and to no other site's page", async () => {
    dashboard = await openDashboard();
    const { port } = new URL(dashboard.url);
    const table: [string, number][] = [
      [`127.0.0.1:${port}`, 200],
      [`localhost:${port}`, 200],
      [`[::1]:${port}`, 200],
      [`evil.example:${port}`, 403],
      ["127.0.0.1.evil.example", 403],
    ];
    for (const [host, status] of table) assert.equal(await statusAs(dashboard.url, host), status, host);
    const foreign = await dashboard.ask("/api/v1/runs", {
      method: "POST",
      body: { image: "a" },
      headers: { origin: "https://evil.example" },
    });
    assert.equal(foreign.status, 403);
  });

  it("does not start beyond this machine without a login", () => {
    const table: [string, Record<string, string>, boolean][] = [
      ["127.0.0.1", {}, true],
      ["127.1.2.3", {}, true],
      ["::1", {}, true],
      ["localhost", {}, true],
      ["0.0.0.0", {}, false],
      ["::", {}, false],
      ["10.0.0.1", {}, false],
      ["0.0.0.0", { WINDLASS_TOKEN: TOKEN }, true],
      ["0.0.0.0", LOGIN, true],
      ["0.0.0.0", { WINDLASS_AUTH: "none" }, false],
      ["0.0.0.0", { WINDLASS_AUTH: "password" }, true],
    ];
    for (const [host, env, starts] of table) {
      const start = () => assertGuarded(host, authOf(readConfig(DashboardConfig, env)));
      if (starts) assert.doesNotThrow(start, host);
      else
        assert.throws(start, (error: WindlassError) => error.code === "WL_CONFIG" && /WINDLASS_TOKEN/.test(error.message), host);
    }
  });

  it("wants name and password together, and neither too short", () => {
    for (const env of [{ WINDLASS_USER: "a" }, { WINDLASS_PASSWORD: "long enough" }, { WINDLASS_TOKEN: "short" }] as Record<
      string,
      string
    >[]) {
      assert.throws(() => readConfig(DashboardConfig, env), { code: "WL_CONFIG" }, JSON.stringify(env));
    }
  });

  it("lets nothing in from another origin", async () => {
    dashboard = await openDashboard();
    for (const path of ["/", "/queues", "/api/v1/dags"]) {
      const csp = (await dashboard.ask(path)).headers.get("content-security-policy") ?? "";
      assert.doesNotMatch(csp, /https?:|\*/, path);
      assert.match(csp, /default-src 'self';.*script-src 'self';.*font-src 'self';.*frame-ancestors 'none'/, path);
    }
  });
});
