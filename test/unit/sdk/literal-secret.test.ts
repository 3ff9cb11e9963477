import assert from "node:assert/strict";
import { literalSecret } from "#sdk/literal-secret.ts";

// Put together here so that no scanner takes this file for a leak.
const filler = (length: number): string => "aB3".repeat(length).slice(0, length);

describe("literalSecret", () => {
  const byName: readonly (readonly [name: string, secret: boolean])[] = [
    ["PASSWORD", true],
    ["DB_PASS", true],
    ["db.pass", true],
    ["MYSQL_PWD", true],
    ["PGPASSWORD", true],
    ["passwd", true],
    ["SSH_PASSPHRASE", true],
    ["CLIENT_SECRET", true],
    ["GITHUB_TOKEN", true],
    ["apiKey", true],
    ["API_KEY", true],
    ["PRIVATE_KEY", true],
    ["AWS_SECRET_ACCESS_KEY", true],
    ["CREDENTIAL", true],
    ["CREDENTIALS", true],
    ["CONNECTION_STRING", true],
    ["SENTRY_DSN", true],
    ["HOME", false],
    ["PWD", false],
    ["OLDPWD", false],
    ["COMPASS", false],
    ["BYPASS", false],
    ["TOKENIZER", false],
    ["PASSWORD_FILE", false],
    ["SECRET_NAME", false],
    ["KEYBOARD", false],
    ["DSN", false],
  ];
  for (const [name, secret] of byName) {
    it(`${secret ? "suspects" : "lets pass"} the name ${name}`, () =>
      assert.equal(literalSecret(name, "value") !== undefined, secret));
  }

  const byValue: readonly (readonly [value: string, kind: RegExp | undefined])[] = [
    [`-----BEGIN RSA PRIVATE ${"KEY"}-----\nabc`, /private key/],
    [`postgres://user:${"word"}@host/db`, /URL with a password/],
    [`ghp_${filler(36)}`, /GitHub/],
    [`glpat-${filler(20)}`, /GitLab/],
    [`AKIA${"Z".repeat(16)}`, /AWS/],
    [`AIza${filler(35)}`, /Google/],
    [`xoxb-${filler(12)}`, /Slack/],
    [`sk_live_${filler(24)}`, /Stripe/],
    [`npm_${filler(36)}`, /npm/],
    [`eyJ${filler(10)}.eyJ${filler(10)}.${filler(10)}`, /web token/],
    ["https://example.org/path", undefined],
    ["https://user@example.org/path", undefined],
    ["http://host:8080/x@y", undefined],
    ["-----BEGIN CERTIFICATE-----", undefined],
    ["sk-short", undefined],
  ];
  for (const [value, kind] of byValue) {
    it(`${kind === undefined ? "lets pass" : "suspects"} a value like ${value.slice(0, 12)}…`, () => {
      const reason = literalSecret("VALUE", value);
      if (kind === undefined) assert.equal(reason, undefined);
      else {
        assert.match(reason ?? "", kind);
        assert.ok(!reason?.includes(value), "the reason must not repeat the value");
      }
    });
  }

  it("has nothing against an empty value", () => assert.equal(literalSecret("PASSWORD", ""), undefined));
});
