import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import { openState } from "#state/state.ts";
import { until } from "../../support/until.ts";
import { openRecord, type Record } from "./record.ts";

const SPEC = DagSpec.parse({ id: "etl", tasks: [{ id: "load", operator: "noop" }] });
const ROW = { id: "etl", version: "v1", file: "etl.ts", publishedAt: 1_000, tags: ["a"], timezone: "UTC", taskCount: 1 };

describe("DAG store", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
  });
  afterEach(() => record.test.close());

  it("publishes a DAG that is not paused", async () => {
    await record.dags.publishDag(ROW, SPEC);
    assert.deepEqual(await record.dags.getDag("etl"), { ...ROW, paused: false });
    assert.deepEqual(await record.dags.getSpec("v1"), SPEC);
  });

  it("replaces the version and keeps the old one and the pause", async () => {
    await record.dags.publishDag(ROW, SPEC);
    assert.equal(await record.dags.setPaused("etl", true), true);
    await record.dags.publishDag({ ...ROW, version: "v2", schedule: { cron: ["@daily"] } }, SPEC);
    assert.deepEqual(await record.dags.listDags(), [{ ...ROW, version: "v2", schedule: { cron: ["@daily"] }, paused: true }]);
    assert.deepEqual(await record.dags.getSpec("v1"), SPEC);
  });

  it("takes a DAG off the list and remembers its pause", async () => {
    await record.dags.publishDag(ROW, SPEC);
    await record.dags.setPaused("etl", true);
    await record.dags.removeDag("etl", 5_000);
    assert.equal(await record.dags.getDag("etl"), undefined);
    assert.deepEqual(await record.dags.listDags(), []);
    await record.dags.publishDag(ROW, SPEC);
    assert.equal((await record.dags.getDag("etl"))?.paused, true);
    await record.dags.setPaused("etl", false);
    assert.equal((await record.dags.getDag("etl"))?.paused, false);
  });

  it("keeps the row of a DAG whose file was deleted, until it comes back", async () => {
    await record.dags.publishDag(ROW, SPEC);
    await record.dags.removeDag("etl", 5_000);
    const removed = { ...ROW, paused: false, removedAt: 5_000 };
    assert.deepEqual([await record.dags.getRemovedDag("etl"), await record.dags.listRemovedDags()], [removed, [removed]]);
    assert.deepEqual(await record.dags.getSpec("v1"), SPEC);
    await record.dags.publishDag(ROW, SPEC);
    assert.deepEqual([await record.dags.getRemovedDag("etl"), await record.dags.listRemovedDags()], [undefined, []]);
    await record.dags.removeDag("unknown", 6_000);
    assert.deepEqual(await record.dags.listRemovedDags(), []);
  });

  it("lists the versions, the youngest first, as long as their specs are there", async () => {
    for (const [version, publishedAt] of [
      ["v1", 1_000],
      ["v2", 2_000],
      ["v1", 3_000],
      ["v3", 4_000],
    ] as const) // a version may come back
      await record.dags.publishDag({ ...ROW, version, publishedAt }, SPEC);
    const listed = async () =>
      (await record.dags.listVersions("etl")).map(({ version, publishedAt }) => `${version} ${publishedAt}`);
    assert.deepEqual(await listed(), ["v3 4000", "v1 3000", "v2 2000"]);
    await record.test.redis.del(record.keys.spec("v2"));
    assert.deepEqual(await listed(), ["v3 4000", "v1 3000"]);
    assert.deepEqual(await record.dags.listVersions("unknown"), []);
  });

  const MISTAKE = { code: "WL_DAG_IMPORT", message: "no", at: 7 };
  const MISTAKES: readonly [string, object, true | undefined][] = [
    ["a mistake in its file", { file: "etl.ts" }, true],
    ["a mistake in what its file imports", { file: "lib/sql.ts", importedBy: "etl.ts" }, true],
    ["a mistake in another file", { file: "ml.ts" }, undefined],
    ["its file imported by another one, which is broken", { file: "etl.ts", importedBy: "ml.ts" }, undefined],
  ];
  for (const [what, place, stale] of MISTAKES) {
    it(`marks a DAG ${stale ? "stale" : "not stale"} for ${what}`, async () => {
      await record.dags.publishDag(ROW, SPEC);
      await record.dags.replaceImportErrors([{ ...MISTAKE, file: "", ...place }]);
      const row = await record.dags.getDag("etl");
      assert.deepEqual([row?.stale, await record.dags.listDags()], [stale, [row]]);
      await record.dags.replaceImportErrors([]);
      assert.equal((await record.dags.getDag("etl"))?.stale, undefined);
    });
  }

  it("keeps a version for ever while a DAG has it, and afterwards for its runs", async () => {
    const ends = async (version: string) => (await record.test.redis.pttl(record.keys.spec(version))) > 0;
    await record.dags.publishDag(ROW, SPEC);
    await record.dags.putSpec("v1", SPEC);
    await record.dags.publishDag(ROW, SPEC);
    assert.equal(await ends("v1"), false);
    await record.dags.publishDag({ ...ROW, version: "v2" }, SPEC);
    assert.deepEqual([await ends("v1"), await ends("v2")], [true, false]);
    await record.dags.publishDag(ROW, SPEC);
    assert.deepEqual([await ends("v1"), await ends("v2")], [false, true]);
    await record.dags.removeDag("etl", 5_000);
    assert.equal(await ends("v1"), true);
    await record.dags.putSpec("v9", SPEC);
    assert.equal(await ends("v9"), true);
  });

  it("knows nothing of what was never published", async () => {
    assert.equal(await record.dags.getDag("x"), undefined);
    assert.equal(await record.dags.getSpec("x"), undefined);
    assert.equal(await record.dags.setPaused("x", true), false);
    assert.deepEqual(await record.dags.lastTicks(), new Map());
    assert.deepEqual(await record.dags.listImportErrors(), []);
  });

  it("lists DAGs by id", async () => {
    for (const id of ["c", "a", "b"]) await record.dags.publishDag({ ...ROW, id }, SPEC);
    assert.deepEqual(
      (await record.dags.listDags()).map(({ id }) => id),
      ["a", "b", "c"],
    );
  });

  it("reads a version once and keeps it", async () => {
    await record.dags.putSpec("v3", SPEC);
    const first = await record.dags.getSpec("v3");
    await record.test.redis.del(record.keys.spec("v3"));
    assert.equal(await record.dags.getSpec("v3"), first);
    assert.equal(await openState(record.test.redis, record.test.prefix).dags.getSpec("v3"), undefined);
  });

  it("keeps ticks and import errors", async () => {
    await record.dags.setLastTick("etl", 5);
    await record.dags.setLastTick("etl", 6);
    assert.deepEqual(await record.dags.lastTicks(), new Map([["etl", 6]]));
    const error = { file: "x.ts", line: 3, code: "WL_DAG_IMPORT", message: "no", at: 7 };
    await record.dags.replaceImportErrors([error]);
    assert.deepEqual(await record.dags.listImportErrors(), [error]);
    await record.dags.replaceImportErrors([]);
    assert.deepEqual(await record.dags.listImportErrors(), []);
  });
});

describe("workers", () => {
  let record: Record;
  beforeEach(async () => {
    record = await openRecord();
  });
  afterEach(() => record.test.close());

  const row = (id: string) => ({ id, host: "h", startedAt: 1, at: 2, concurrency: 10, held: 0, state: "running" }) as const;

  it("are listed while their heartbeat lasts", async () => {
    await record.claims.heartbeat(row("w2"), 60_000);
    await record.claims.heartbeat(row("w1"), 60_000);
    await record.claims.heartbeat({ ...row("w1"), held: 3 }, 60_000);
    await record.claims.heartbeat(row("w3"), 5);
    await until(async () => (await record.claims.listWorkers()).length === 2, { what: "the end of w3" });
    assert.deepEqual(await record.claims.listWorkers(), [{ ...row("w1"), held: 3 }, row("w2")]);
    assert.deepEqual((await record.test.redis.smembers(record.keys.workers)).sort(), ["w1", "w2"]);
  });
});
