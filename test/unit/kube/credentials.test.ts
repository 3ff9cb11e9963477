import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WindlassError } from "#core/errors.ts";
import type { CredentialAnswer } from "#kube/credential-answer.ts";
import { openCredentials } from "#kube/credentials.ts";
import { fileVersion } from "#kube/file-version.ts";
import { KubeError } from "#kube/kube-error.ts";

const MINUTE = 60_000;

/** A source that asks a function instead of a child, under a clock that the test moves. */
function scripted(answers: (nth: number) => Partial<CredentialAnswer> | Error) {
  const world = { asked: 0, now: 1_000_000 };
  const ask = async (): Promise<CredentialAnswer> => {
    const answer = answers(++world.asked);
    if (answer instanceof Error) throw answer;
    return { server: "https://cluster.test", headers: { Authorization: "Bearer first" }, tls: {}, files: {}, ...answer };
  };
  return { world, open: () => openCredentials({}, { ask, now: () => world.now }) };
}

const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

describe("openCredentials", () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "windlass-credentials-"));
  });

  afterEach(() => rmSync(dir, { recursive: true }));

  it("asks once, for many callers and for hours", async () => {
    const { world, open } = scripted(() => ({}));
    const source = await open();
    await Promise.all(Array.from({ length: 100 }, () => source.current()));
    world.now += 600 * MINUTE;
    assert.deepEqual((await source.current()).headers, { Authorization: "Bearer first" });
    assert.equal(world.asked, 1);
  });

  it("asks again shortly before the token ends, and not all the time when it seems to have ended", async () => {
    const { world, open } = scripted(nth => ({ ...bearer(`${nth}`), expiresAt: 1_000_000 + 15 * MINUTE }));
    const source = await open();
    world.now += 14 * MINUTE;
    assert.equal((await source.current()).headers.Authorization, "Bearer 1");
    world.now += MINUTE;
    assert.equal((await source.current()).headers.Authorization, "Bearer 2");
    assert.equal((await source.current()).headers.Authorization, "Bearer 2");
    world.now += MINUTE;
    assert.equal((await source.current()).headers.Authorization, "Bearer 3");
  });

  it("reads a rotated token file itself, at most once a minute, and keeps the connections", async () => {
    const tokenFile = join(dir, "token");
    writeFileSync(tokenFile, "first");
    const { world, open } = scripted(() => ({ tokenFile }));
    const source = await open();
    const before = await source.current();
    writeFileSync(tokenFile, "second\n");
    world.now += MINUTE - 1;
    assert.equal(await source.current(), before);
    world.now += 1;
    const after = await source.current();
    assert.deepEqual([after.headers.Authorization, after.fingerprint], ["Bearer second", before.fingerprint]);
    assert.equal(world.asked, 1);
  });

  it("asks again when a file was replaced", async () => {
    const ca = join(dir, "ca.crt");
    writeFileSync(ca, "one");
    const version = await fileVersion(ca);
    const { world, open } = scripted(nth => ({
      files: { [ca]: version },
      tls: { ca: Buffer.from(`${nth}`).toString("base64") },
    }));
    const source = await open();
    const before = await source.current();
    world.now += MINUTE;
    assert.equal(await source.current(), before);
    writeFileSync(ca, "another");
    world.now += MINUTE;
    const after = await source.current();
    assert.equal(String(after.tls.ca), "2");
    assert.notEqual(after.fingerprint, before.fingerprint);
  });

  it("asks once for many callers that were refused, and not again while it is fruitless", async () => {
    const { world, open } = scripted(nth => bearer(nth < 3 ? "old" : "new"));
    const source = await open();
    const refused = await source.current();
    await Promise.all([source.reload(refused), source.reload(refused)]);
    const again = await source.current();
    await source.reload(refused);
    await source.reload(again);
    assert.equal((await source.current()).headers.Authorization, "Bearer old");
    assert.equal(world.asked, 2);
    world.now += 10_000;
    await source.reload(again);
    assert.equal((await source.current()).headers.Authorization, "Bearer new");
  });

  it("opens although a plugin fails, and asks again at the first call a second later", async () => {
    const { world, open } = scripted(nth => (nth === 1 ? KubeError.noAnswer("Credentials", "the plugin is away") : {}));
    const source = await open();
    await assert.rejects(source.current(), /the plugin is away/);
    assert.equal(world.asked, 1);
    world.now += 1_000;
    assert.equal((await source.current()).headers.Authorization, "Bearer first");
  });

  it("does not open without a configuration", async () => {
    const { open } = scripted(() => new WindlassError("WL_KUBE_CONFIG", "nowhere"));
    await assert.rejects(open(), (error: unknown) => error instanceof WindlassError && error.code === "WL_KUBE_CONFIG");
  });

  it("says which token file it could not read", async () => {
    const tokenFile = join(dir, "token");
    const { world, open } = scripted(() => ({ tokenFile }));
    const source = await open();
    world.now += MINUTE;
    await assert.rejects(source.current(), (error: unknown) => {
      return error instanceof KubeError && error.reason === "Credentials" && error.message.includes(tokenFile);
    });
  });
});
