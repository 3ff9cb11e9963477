import assert from "node:assert/strict";
import { freePort } from "../../services/cli/redis/redis-server.ts";
import { sessionCookies } from "../../services/dashboard/auth/session-cookie.ts";
import { type OpenDashboard, openDashboard } from "../integration/dashboard/open-dashboard.ts";
import { addUser } from "../integration/login/login-support.ts";
import { CookieBrowser, type Page } from "../support/cookie-browser.ts";
import { type IdentityProvider, startIdentityProvider } from "../support/identity-provider.ts";
import { until } from "../support/until.ts";

const RIGHTS = { groups: { platform: [{ role: "admin" }], etl: [{ role: "operator", dags: { tags: ["etl"] } }] } };

describe("login over OpenID Connect, at a real provider", () => {
  let provider: IdentityProvider;
  let dashboard: OpenDashboard;
  let browser: CookieBrowser;

  before(async () => {
    const port = await freePort();
    const baseUrl = `http://127.0.0.1:${port}`;
    provider = await startIdentityProvider(`${baseUrl}/login/callback`);
    dashboard = await openDashboard({
      WINDLASS_AUTH: "oidc,password",
      WINDLASS_PORT: String(port),
      WINDLASS_BASE_URL: baseUrl,
      WINDLASS_OIDC_ISSUER: provider.issuer,
      WINDLASS_OIDC_CLIENT_ID: provider.clientId,
      WINDLASS_OIDC_CLIENT_SECRET: provider.clientSecret,
      WINDLASS_RIGHTS: JSON.stringify(RIGHTS),
    });
    provider.groups.set("ann", ["staff", "platform"]);
    provider.groups.set("bob", ["etl"]);
    provider.groups.set("eve", ["staff"]);
    provider.groups.set("local", ["platform"]);
  });
  after(async () => {
    await dashboard.close();
    await provider.close();
  });
  beforeEach(() => {
    browser = new CookieBrowser();
  });

  const formOf = ({ text, url }: Page): URL => new URL(text.match(/<form[^>]*action="([^"]+)"/)![1]!, url);

  /** As far as the provider's page that asks for the name. */
  const toProvider = (next = "/") => browser.open(`${dashboard.url}/login/oidc?next=${encodeURIComponent(next)}`);
  const logInAs = async (name: string, next?: string): Promise<Page> => {
    const login = await toProvider(next);
    const consent = await browser.open(formOf(login), { prompt: "login", login: name, password: "any" });
    return browser.open(formOf(consent), { prompt: "consent" });
  };
  const me = async () => JSON.parse((await browser.open(`${dashboard.url}/api/v1/me`)).text);
  const sees = (page: Page) => page.text.match(/role="alert"[^>]*>✖ ([^<]*?)\. /)?.[1]?.replaceAll("&#39;", "'");

  it("offers the way, and leads back to where the person wanted to go", async () => {
    const page = await browser.open(`${dashboard.url}/runs/none`);
    assert.match(page.text, /href="\/login\/oidc\?next=%2Fruns%2Fnone"/);
    const end = await logInAs("ann", "/runs/none");
    assert.equal(end.url.pathname, "/runs/none");
    assert.match(end.text, />ann <button/);
    assert.deepEqual(await me(), { name: "ann", role: "admin", grants: [{ role: "admin" }] });
    const logins = async () => (await dashboard.state.audit.list({ limit: 1, what: "login" })).entries;
    await until(async () => (await logins()).length === 1, { what: "the audit" });
    assert.partialDeepStrictEqual((await logins())[0], { who: "ann", status: 303, after: { mode: "oidc" } });
  });

  it("asks with PKCE, state and nonce, each time others", async () => {
    const asked = async () => {
      browser = new CookieBrowser();
      await toProvider();
      return browser.visited.find(({ pathname }) => pathname === "/auth")!.searchParams;
    };
    const [one, two] = [await asked(), await asked()];
    assert.deepEqual(
      ["response_type", "code_challenge_method", "redirect_uri", "scope"].map(name => one.get(name)),
      ["code", "S256", `${dashboard.url}/login/callback`, "openid profile email"],
    );
    for (const name of ["state", "nonce", "code_challenge"]) {
      assert.ok(one.get(name)!.length >= 43, name);
      assert.notEqual(one.get(name), two.get(name), name);
    }
  });

  it("gives rights by the provider's groups; who has none may not come in", async () => {
    await logInAs("bob");
    assert.deepEqual(await me(), { name: "bob", role: "operator", grants: RIGHTS.groups.etl });
    browser = new CookieBrowser();
    const refused = await logInAs("eve");
    assert.deepEqual([refused.status, sees(refused)], [403, "'eve' has no role here"]);
    assert.equal(browser.cookie("windlass_session"), undefined);
  });

  it("does not let anybody be somebody whom we know by a password", async () => {
    await addUser(dashboard, "local", [{ role: "viewer" }]);
    const refused = await logInAs("local");
    assert.deepEqual([refused.status, sees(refused)], [403, "'local' logs in with a password here"]);
  });

  it("takes an answer once, and only in the browser that began", async () => {
    await logInAs("ann");
    const callback = browser.visited.find(({ pathname }) => pathname === "/login/callback")!;
    const begun = "this login was not begun here, or took too long";
    assert.deepEqual([(await browser.open(callback)).status, sees(await browser.open(callback))], [401, begun]);
    browser = new CookieBrowser();
    assert.equal(sees(await browser.open(callback)), begun);
    await toProvider();
    assert.equal(sees(await browser.open(callback)), "the answer of the identity provider is not one to this login");
  });

  it("takes no answer with another state, and no token with another nonce", async () => {
    const cookies = sessionCookies({ sessions: dashboard.state.sessions, isSecure: () => false, now: Date.now });
    for (const changed of ["state", "nonce", "verifier"]) {
      browser = new CookieBrowser();
      const login = await toProvider();
      const attempt = (await cookies.open("login", browser.cookie("windlass_login")!))!;
      const other = { ...attempt, [changed]: "x".repeat(43) };
      browser.setCookie("127.0.0.1", "windlass_login", await cookies.seal("login", other, 60_000));
      const consent = await browser.open(formOf(login), { prompt: "login", login: "ann", password: "any" });
      const end = await browser.open(formOf(consent), { prompt: "consent" });
      assert.equal(end.status, 401, changed);
      assert.equal(browser.cookie("windlass_session"), undefined, changed);
    }
  });

  it("tells of a refusal", async () => {
    const login = await toProvider();
    const abort = new URL(login.text.match(/href="([^"]+\/abort)"/)![1]!, login.url);
    const end = await browser.open(abort);
    assert.equal(end.status, 401);
    assert.match(sees(end)!, /^the identity provider refused the login: /);
  });

  it("says that the provider is away, while tokens go on", async () => {
    const other = await openDashboard({
      WINDLASS_AUTH: "oidc",
      WINDLASS_TOKEN: "0123456789abcdef",
      WINDLASS_BASE_URL: "http://127.0.0.1:1",
      WINDLASS_OIDC_ISSUER: `http://127.0.0.1:${await freePort()}`,
      WINDLASS_OIDC_CLIENT_ID: "w",
      WINDLASS_RIGHTS: JSON.stringify(RIGHTS),
    });
    try {
      const page = await browser.open(`${other.url}/login/oidc`);
      assert.deepEqual([page.status, sees(page)], [503, "the identity provider does not answer"]);
      const headers = { authorization: "Bearer 0123456789abcdef" };
      assert.equal((await other.ask("/api/v1/me", { headers })).status, 200);
    } finally {
      await other.close();
    }
  });
});
