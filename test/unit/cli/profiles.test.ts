import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseServer, readProfiles, writeProfiles } from "../../../services/cli/client/profiles.ts";

describe("profiles", () => {
  let dir: string;
  let env: Record<string, string>;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "windlass-profiles-"));
    env = { HOME: dir };
    writeProfiles(env, {
      current: "prod",
      profiles: { prod: { url: "https://prod.example.org", token: "p" }, dev: { url: "http://dev.example.org", token: "d" } },
    });
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const table: readonly (readonly [
    what: string,
    wanted: { url?: string; profile?: string },
    more: object,
    url: string,
    token: string | undefined,
  ])[] = [
    ["the current profile", {}, {}, "https://prod.example.org", "p"],
    ["--profile", { profile: "dev" }, {}, "http://dev.example.org", "d"],
    [
      "--profile before WINDLASS_URL",
      { profile: "dev" },
      { WINDLASS_URL: "http://x.example.org" },
      "http://dev.example.org",
      "d",
    ],
    ["WINDLASS_PROFILE", {}, { WINDLASS_PROFILE: "dev" }, "http://dev.example.org", "d"],
    [
      "WINDLASS_URL before WINDLASS_PROFILE, without its token",
      {},
      { WINDLASS_URL: "http://x.example.org" },
      "http://x.example.org",
      undefined,
    ],
    [
      "--url before all",
      { url: "http://y.example.org" },
      { WINDLASS_URL: "http://x.example.org" },
      "http://y.example.org",
      undefined,
    ],
    ["a token of its own server also with --url", { url: "https://prod.example.org/" }, {}, "https://prod.example.org/", "p"],
    ["WINDLASS_TOKEN before a profile's", {}, { WINDLASS_TOKEN: "e" }, "https://prod.example.org", "e"],
  ];
  for (const [what, wanted, more, url, token] of table) {
    it(`takes ${what}`, () => {
      const chosen = chooseServer({ env: { ...env, ...more }, ...wanted });
      assert.deepEqual([chosen.url, chosen.token], [url, token]);
    });
  }

  it("takes this machine when nothing is stored", () => {
    assert.deepEqual(chooseServer({ env: { HOME: join(dir, "empty") } }), { url: "http://127.0.0.1:8080" });
  });

  it("refuses a profile that is not there, and what is no address", () => {
    assert.throws(() => chooseServer({ env, profile: "test" }), { code: "WL_CLI_PROFILE" });
    assert.throws(() => chooseServer({ env: { ...env, WINDLASS_PROFILE: "test" } }), { code: "WL_CLI_PROFILE" });
    assert.throws(() => chooseServer({ env, url: "prod" }), { code: "WL_CLI_USAGE" });
  });

  it("keeps the file to its owner", () => {
    assert.equal(statSync(join(dir, ".config/windlass/profiles.json")).mode & 0o777, 0o600);
    assert.equal(readProfiles(env).current, "prod");
  });
});
