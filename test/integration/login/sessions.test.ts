import assert from "node:assert/strict";
import { until } from "../../support/until.ts";
import { essence, type OpenDashboard, openDashboard } from "../dashboard/open-dashboard.ts";
import { addUser, browserOf, cookiesOf, logIn, PASSWORD } from "./login-support.ts";

const ADMIN = [{ role: "admin" as const }];

describe("login: a browser's session", () => {
  let dashboard: OpenDashboard;
  beforeEach(async () => {
    dashboard = await openDashboard({ WINDLASS_AUTH: "password" });
    await addUser(dashboard, "ann", ADMIN);
  });
  afterEach(() => dashboard.close());

  const form = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${dashboard.url}${path}`, { method: "POST", body: new URLSearchParams(fields), headers, redirect: "manual" });

  it("begins with a form, and leads to where the person wanted to go", async () => {
    const page = await dashboard.ask("/runs/x?y=1", { headers: { accept: "text/html" } });
    assert.deepEqual([page.status, page.headers.get("location")], [303, "/login?next=%2Fruns%2Fx%3Fy%3D1"]);
    const login = await dashboard.ask(page.headers.get("location")!);
    assert.match(login.text, /<input type="hidden" name="next" value="\/runs\/x\?y=1">/);
    const answer = await form("/login", { name: "ann", password: PASSWORD, next: "/runs/x?y=1" });
    assert.deepEqual([answer.status, answer.headers.get("location")], [303, "/runs/x?y=1"]);
    const [session, csrf] = answer.headers.getSetCookie();
    assert.match(session!, /^windlass_session=[^;]{100,}; Max-Age=43200; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/);
    assert.match(csrf!, /^XSRF-TOKEN=[A-Za-z0-9_-]{32}; Max-Age=43200; Path=\/; Expires=[^;]+; SameSite=Lax$/);
  });

  it("programs get no form: a problem", async () => {
    for (const [path, accept] of [
      ["/api/v1/dags", "text/html"],
      ["/runs/x", "application/json"],
    ]) {
      const answer = await dashboard.ask(path!, { headers: { accept: accept! } });
      assert.deepEqual(
        [...essence(answer), answer.headers.get("www-authenticate")],
        [401, "WL_AUTH", 'Bearer realm="Windlass"'],
        path,
      );
    }
  });

  it("knows who it is, with the rights of now", async () => {
    const { headers } = await logIn(dashboard, "ann");
    assert.deepEqual((await dashboard.ask("/api/v1/me", { headers })).body, { name: "ann", role: "admin", grants: ADMIN });
    await addUser(dashboard, "ann", [{ role: "viewer" }]);
    assert.equal((await dashboard.ask("/api/v1/me", { headers })).body.role, "viewer");
    await dashboard.state.users.removeUser("ann");
    assert.equal((await dashboard.ask("/api/v1/me", { headers })).status, 401);
  });

  it("is refused to wrong names and passwords alike", async () => {
    for (const body of [
      { name: "ann", password: "wrong" },
      { name: "eve", password: PASSWORD },
      { name: "", password: "" },
      { name: "__proto__", password: PASSWORD },
    ]) {
      const answer = await dashboard.ask("/login", { method: "POST", body });
      assert.deepEqual(essence(answer), [401, "WL_LOGIN"], JSON.stringify(body));
      assert.deepEqual(cookiesOf(answer), {});
    }
    const shown = await form("/login", { name: "ann", password: "wrong" });
    assert.equal(shown.status, 401);
    assert.match(await shown.text(), /role="alert"[^>]*>✖ name and password do not fit together/);
  });

  it("leads to no other site", async () => {
    for (const next of ["https://evil.example", "//evil.example/x", "/\\evil.example", "javascript:alert(1)", "\\\\evil"]) {
      const answer = await form("/login", { name: "ann", password: PASSWORD, next });
      assert.equal(answer.headers.get("location"), "/", next);
    }
  });

  it("asks every write for its token; another session's is not taken", async () => {
    const { cookie, csrf } = await logIn(dashboard, "ann");
    const other = await logIn(dashboard, "ann");
    const write = (headers: Record<string, string>) =>
      dashboard.ask("/api/v1/variables/x", { method: "PUT", body: { value: 1 }, headers: { cookie, ...headers } });
    assert.deepEqual(essence(await write({})), [403, "WL_CSRF"]);
    assert.deepEqual(essence(await write({ "x-xsrf-token": other.csrf })), [403, "WL_CSRF"]);
    assert.deepEqual(essence(await write({ "x-xsrf-token": "" })), [403, "WL_CSRF"]);
    assert.equal((await write({ "x-xsrf-token": csrf })).status, 201);
    assert.equal((await write({ "x-csrf-token": csrf })).status, 200);
    const foreign = { "x-xsrf-token": csrf, "sec-fetch-site": "cross-site", origin: "https://evil.example" };
    assert.deepEqual(essence(await write(foreign)), [403, "WL_FORBIDDEN"]);
  });

  it("asks Bull Board's writes for it, too", async () => {
    const { cookie, headers } = await logIn(dashboard, "ann");
    const pause = (sent: Record<string, string>) =>
      dashboard.ask("/queues/api/queues/pods/pause", { method: "PUT", body: {}, headers: sent });
    assert.deepEqual(essence(await pause({ cookie })), [403, "WL_CSRF"]);
    assert.equal((await pause(headers)).status, 200);
  });

  it("ends with a logout: the cookie is worth nothing any more", async () => {
    const { cookie, csrf } = await logIn(dashboard, "ann");
    assert.equal((await form("/logout", { csrf: "wrong" }, { cookie })).status, 403);
    const answer = await form("/logout", { csrf }, { cookie });
    assert.deepEqual([answer.status, answer.headers.get("location")], [303, "/login"]);
    assert.ok(answer.headers.getSetCookie().every(set => set.includes("=; Max-Age=0;")));
    assert.equal((await dashboard.ask("/api/v1/me", { headers: { cookie } })).status, 401);
  });

  it("ends everywhere when its person says so, or an admin", async () => {
    await addUser(dashboard, "bob", [{ role: "viewer" }]);
    const [one, two, admin] = [await logIn(dashboard, "bob"), await logIn(dashboard, "bob"), await logIn(dashboard, "ann")];
    const status = async ({ headers }: { headers: Record<string, string> }) =>
      (await dashboard.ask("/api/v1/me", { headers })).status;
    assert.equal((await dashboard.ask("/api/v1/me/sessions", { method: "DELETE", headers: one.headers })).status, 200);
    assert.deepEqual([await status(one), await status(two), await status(admin)], [401, 401, 200]);
    const three = await logIn(dashboard, "bob");
    assert.equal((await dashboard.ask("/api/v1/users/bob/sessions", { method: "DELETE", headers: admin.headers })).status, 200);
    assert.deepEqual([await status(three), await status(admin)], [401, 200]);
  });

  it("ends when the password changes, which asks for the old one", async () => {
    const { headers } = await logIn(dashboard, "ann");
    const change = (old: string, next: string) =>
      dashboard.ask("/api/v1/me/password", { method: "PUT", body: { old, new: next }, headers });
    assert.deepEqual(essence(await change("wrong", "another long one")), [403, "WL_FORBIDDEN"]);
    assert.deepEqual(essence(await change(PASSWORD, "short")), [422, "WL_INPUT", "body/new"]);
    assert.equal((await change(PASSWORD, "another long one")).status, 200);
    assert.equal((await dashboard.ask("/api/v1/me", { headers })).status, 401);
    assert.equal((await dashboard.ask("/login", { method: "POST", body: { name: "ann", password: PASSWORD } })).status, 401);
    await logIn(dashboard, "ann", "another long one");
  });

  it("takes no cookie that was made up, changed, or made for something else", async () => {
    const { cookie } = await logIn(dashboard, "ann");
    const sealed = cookie.match(/windlass_session=([^;]+)/)![1]!;
    const other = await openDashboard({ WINDLASS_AUTH: "password" });
    try {
      await addUser(other, "ann", ADMIN);
      const foreign = (await logIn(other, "ann")).cookie;
      for (const value of ["", "x", "a.b.c.d.e", `${sealed.slice(0, -4)}AAAA`, foreign.match(/windlass_session=([^;]+)/)![1]!]) {
        const headers = { cookie: `windlass_session=${value}` };
        assert.equal((await dashboard.ask("/api/v1/me", { headers })).status, 401, value.slice(0, 20));
      }
    } finally {
      await other.close();
    }
  });

  it("counts under https only with a cookie that is Secure and this host's own", async () => {
    await dashboard.close();
    dashboard = await openDashboard({ WINDLASS_AUTH: "password", WINDLASS_BASE_URL: "https://windlass.example.com/" });
    await addUser(dashboard, "ann", ADMIN);
    const answer = await dashboard.ask("/login", { method: "POST", body: { name: "ann", password: PASSWORD } });
    for (const cookie of answer.headers.getSetCookie()) assert.match(cookie, /; Secure; SameSite=Lax$/);
    assert.ok("__Host-windlass_session" in cookiesOf(answer));
    const { headers } = browserOf(answer);
    assert.equal((await dashboard.ask("/api/v1/me", { headers })).status, 200);
    const plain = { cookie: headers.cookie.replace("__Host-", "") };
    assert.equal((await dashboard.ask("/api/v1/me", { headers: plain })).status, 401);
  });

  it("limits how often somebody may try with a form", async () => {
    const tries = Array.from({ length: 21 }, () => ({ method: "POST", body: { name: "bob", password: "wrong" } }));
    const answers = [];
    for (const attempt of tries) answers.push(await dashboard.ask("/login", attempt));
    assert.deepEqual(new Set(answers.slice(0, 20).map(({ status }) => status)), new Set([401]));
    const last = answers.at(-1)!;
    assert.deepEqual(essence(last), [429, "WL_RATE"]);
    assert.match(last.headers.get("retry-after") ?? "", /^\d+$/);
    await logIn(dashboard, "ann");
  });

  it("limits how often somebody may try with HTTP Basic; then the right password does not help either", async () => {
    await dashboard.close();
    const login = { WINDLASS_USER: "ops", WINDLASS_PASSWORD: PASSWORD, WINDLASS_TOKEN: "a-token-of-programs" };
    dashboard = await openDashboard({ ...login, WINDLASS_AUTH: "token" });
    const ask = async (scheme: string, credentials: string) => {
      const authorization = `${scheme} ${scheme === "Basic" ? Buffer.from(credentials).toString("base64") : credentials}`;
      return (await dashboard.ask("/api/v1/me", { headers: { authorization } })).status;
    };
    for (let n = 0; n < 61; n++) assert.equal(await ask("Basic", `ops:guess-${n}`), 401);
    assert.deepEqual([await ask("Basic", "ops:guess"), await ask("Basic", `ops:${PASSWORD}`)], [429, 429]);
    assert.equal(await ask("Bearer", login.WINDLASS_TOKEN), 200);
  });
});

describe("login: the first one", () => {
  let dashboard: OpenDashboard | undefined;
  afterEach(() => dashboard?.close());

  const start = async () => {
    const lines: string[] = [];
    dashboard = await openDashboard({ WINDLASS_AUTH: "password" }, { onLog: line => lines.push(line) });
    const links = () => lines.map(line => JSON.parse(line)).filter(({ event }) => event === "login.setup");
    return { open: dashboard, links, lines };
  };
  const setUp = (open: OpenDashboard, code: string, name = "ann") =>
    open.ask("/setup", { method: "POST", body: { code, name, password: PASSWORD } });

  it("is made over a link in the log, once", async () => {
    const { open, links } = await start();
    const url = new URL(links()[0]!.url);
    assert.equal(url.origin, open.url);
    const page = await open.ask(`${url.pathname}${url.search}`);
    assert.match(page.text, new RegExp(`name="code" value="${url.searchParams.get("code")}"`));
    const code = url.searchParams.get("code")!;
    assert.deepEqual(essence(await setUp(open, "guessed")), [403, "WL_SETUP"]);
    const made = await setUp(open, code);
    assert.equal(made.status, 201);
    const me = await open.ask("/api/v1/me", { headers: browserOf(made).headers });
    assert.deepEqual([me.body.name, me.body.role], ["ann", "admin"]);
    assert.deepEqual(essence(await setUp(open, code, "eve")), [403, "WL_SETUP"]);
    await until(async () => (await open.state.audit.list({ limit: 10, what: "setup" })).entries.length === 3, {
      what: "the audit",
    });
  });

  it("has no default password, and nothing of a password lies in Redis or the log", async () => {
    const { open, links, lines } = await start();
    const code = new URL(links()[0]!.url).searchParams.get("code")!;
    for (const [name, password] of [
      ["admin", "admin"],
      ["windlass", "windlass"],
      ["admin", ""],
    ])
      assert.equal((await open.ask("/login", { method: "POST", body: { name, password } })).status, 401);
    assert.equal((await setUp(open, code)).status, 201);
    assert.equal(await open.redis.redis.exists(`${open.redis.prefix}:setup-codes`), 0);
    const user = await open.redis.redis.hget(`${open.redis.prefix}:users`, "ann");
    assert.match(user!, /"passwordHash":"scrypt\$32768\$8\$1\$/);
    await until(async () => (await open.state.audit.list({ limit: 10, what: "setup" })).entries.length === 1, {
      what: "the audit",
    });
    const audit = JSON.stringify(await open.state.audit.list({ limit: 100 }));
    for (const text of [user!, audit, lines.filter(line => !line.includes("login.setup")).join("\n")])
      assert.doesNotMatch(text, new RegExp(`${PASSWORD}|${code}`));
  });

  it("offers no link once there is a user", async () => {
    const { open } = await start();
    await addUser(open, "ann", ADMIN);
    const lines: string[] = [];
    const other = await openDashboard(
      { WINDLASS_AUTH: "password", WINDLASS_PREFIX: open.redis.prefix, REDIS_URL: open.redis.url },
      { onLog: line => lines.push(line) },
    );
    await other.close();
    assert.deepEqual(
      lines.filter(line => line.includes("login.setup")),
      [],
    );
  });
});
