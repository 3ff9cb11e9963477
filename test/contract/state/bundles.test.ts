import assert from "node:assert/strict";
import { BundleFiles, bundledFile, bundlePlace, bundleVersion } from "#core/bundle-files.ts";
import { parseInboxEntry } from "#state/inbox-entry.ts";
import { openRecord, type Record } from "./record.ts";

const FILES = { "etl.ts": "export default 1;", "lib/image.ts": "export const image = 'ä';" };

describe("bundle store", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
  });
  afterEach(() => record.test.close());

  const put = (files: BundleFiles, at: number, more: object = {}) =>
    record.bundles.put({ name: "team", files, dryRun: false, at, by: "ann", ...more });
  const verdict = (number: number, version: string, more: object = {}) => ({
    number,
    version,
    dryRun: false,
    at: 9_000,
    dags: ["etl"],
    problems: [],
    ...more,
  });

  it("keeps what was sent and asks the leader to look at it", async () => {
    const { bundles, test, keys } = record;
    const request = await put(FILES, 1_000, { message: "first" });
    assert.deepEqual(request, { number: 1, version: bundleVersion(FILES), dryRun: false, at: 1_000, by: "ann" });
    assert.deepEqual(await bundles.files("team", request.version), FILES);
    const [row] = await bundles.list();
    assert.equal(row!.active, undefined);
    assert.deepEqual(row!.versions[0], {
      version: request.version,
      at: 1_000,
      by: "ann",
      message: "first",
      files: 2,
      sizeBytes: Buffer.byteLength(JSON.stringify(FILES)),
    });
    const told = (await test.redis.lrange(keys.inbox, 0, -1)).map(parseInboxEntry);
    assert.deepEqual(told, [{ type: "bundles", runId: "", at: 1_000 }]);
  });

  it("makes a version live by a verdict without problems, and by no other", async () => {
    const { bundles } = record;
    const { version } = await put(FILES, 1_000);
    await bundles.settle("team", verdict(1, version, { problems: [{ file: "etl.ts", code: "WL_DAG_IMPORT", message: "no" }] }));
    assert.equal((await bundles.get("team"))!.active, undefined);
    await bundles.settle("team", verdict(2, version, { dryRun: true }));
    assert.equal((await bundles.get("team"))!.active, undefined);
    await bundles.settle("team", verdict(3, version));
    assert.equal((await bundles.get("team"))!.active, version);
  });

  it("asks for a version that is kept, and knows none that is not", async () => {
    const { bundles } = record;
    const first = await put(FILES, 1_000);
    await put({ "etl.ts": "other" }, 2_000);
    const again = await bundles.ask("team", first.version, { at: 3_000, by: "bob" });
    assert.deepEqual(again, { number: 3, version: first.version, dryRun: false, at: 3_000, by: "bob" });
    assert.equal(await bundles.ask("team", "0000000000000000", { at: 4_000, by: "bob" }), undefined);
    assert.equal(await bundles.ask("nobody", first.version, { at: 4_000, by: "bob" }), undefined);
  });

  it("keeps twenty versions, the live one among them", async () => {
    const { bundles } = record;
    const first = await put(FILES, 1);
    await bundles.settle("team", verdict(1, first.version));
    for (let n = 2; n <= 25; n++) await put({ "etl.ts": `${n}` }, n);
    const { versions, active } = (await bundles.get("team"))!;
    assert.equal(versions.length, 20);
    assert.ok(
      versions.some(({ version }) => version === active),
      "the live one",
    );
    assert.equal(versions[0]!.at, 25);
    assert.deepEqual(await bundles.files("team", first.version), FILES);
    assert.equal(await bundles.files("team", bundleVersion({ "etl.ts": "2" })), undefined);
  });

  it("forgets a bundle that is removed", async () => {
    const { bundles } = record;
    await put(FILES, 1);
    assert.deepEqual([await bundles.remove("team", 2), await bundles.remove("team", 3)], [true, false]);
    assert.deepEqual([await bundles.list(), await bundles.get("team")], [[], undefined]);
  });
});

describe("the files of a bundle", () => {
  const REFUSED: readonly string[] = [
    "/etc/passwd",
    "../x.ts",
    "a/../x.ts",
    "a//b.ts",
    "./a.ts",
    ".env",
    "a/.git/x",
    "a\\b.ts",
    "a b.ts",
    "",
  ];
  for (const path of REFUSED) {
    it(`do not lie at '${path}'`, () => assert.equal(BundleFiles.safeParse({ [path]: "" }).success, false));
  }

  it("lie below the folder, and none is a folder of another", () => {
    assert.ok(BundleFiles.safeParse({ "a.ts": "", "lib/b-1.ts": "", "lib/deep/c_d.yaml": "" }).success);
    assert.equal(BundleFiles.safeParse({ lib: "", "lib/b.ts": "" }).success, false);
    assert.equal(BundleFiles.safeParse({}).success, false);
  });

  it("have a version that depends on nothing but them", () => {
    assert.equal(bundleVersion({ a: "1", b: "2" }), bundleVersion({ b: "2", a: "1" }));
    assert.notEqual(bundleVersion({ a: "1" }), bundleVersion({ a: "2" }));
  });

  it("have names beside those of the DAG folder", () => {
    assert.deepEqual(bundlePlace(bundledFile("team", "lib/a.ts")), { bundle: "team", path: "lib/a.ts" });
    assert.equal(bundlePlace("lib/a.ts"), undefined);
  });
});
