import assert from "node:assert/strict";
import type { Grant } from "#core/rights.ts";
import { essence, type OpenDashboard, openDashboard } from "../dashboard/open-dashboard.ts";
import { tokenOf } from "./login-support.ts";

const TOKEN = "the-installations-own-token";
const EMPTY = [{ id: "t", operator: "empty" as const }];

describe("rights for some DAGs", () => {
  let dashboard: OpenDashboard;
  before(async () => {
    dashboard = await openDashboard({ WINDLASS_TOKEN: TOKEN, WINDLASS_RUN_OVERRIDES: "image" });
    await dashboard.publish({ id: "load", tags: ["etl"], schedule: { cron: ["0 0 * * *"] }, tasks: EMPTY });
    await dashboard.publish({ id: "clean", owner: "data", tasks: EMPTY });
    await dashboard.publish({ id: "train", tags: ["ml"], schedule: { cron: ["0 0 * * *"] }, tasks: EMPTY });
    const authorization = `Bearer ${TOKEN}`;
    for (const dagId of ["load", "clean", "train"])
      await dashboard.ask(`/api/v1/dags/${dagId}/runs`, { method: "POST", body: { runId: "r" }, headers: { authorization } });
    await dashboard.state.dags.replaceImportErrors(
      ["load.ts", "train.ts", "new.ts"].map(file => ({ file, code: "WL_DAG_TYPE", message: "m", at: 0 })),
    );
  });
  after(() => dashboard.close());

  const as = async (...grants: Grant[]) => {
    const headers = await tokenOf(dashboard, grants);
    return (path: string, method = "GET", body?: unknown) => dashboard.ask(path, { method, body, headers });
  };

  const RULES: readonly [name: string, grants: Grant[], dags: string[]][] = [
    ["all", [{ role: "viewer" }], ["clean", "load", "train"]],
    ["a tag", [{ role: "viewer", dags: { tags: ["etl"] } }], ["load"]],
    ["an owner", [{ role: "viewer", dags: { owners: ["data"] } }], ["clean"]],
    ["ids", [{ role: "viewer", dags: { ids: ["train", "gone"] } }], ["train"]],
    [
      "several grants",
      [
        { role: "viewer", dags: { tags: ["ml"] } },
        { role: "admin", dags: { owners: ["data"] } },
      ],
      ["clean", "train"],
    ],
    ["none that are there", [{ role: "admin", dags: { tags: ["x"] } }], []],
  ];
  for (const [name, grants, dags] of RULES) {
    it(`lists show what may be read: ${name}`, async () => {
      const ask = await as(...grants);
      const ids = (list: { id: string }[]) => list.map(({ id }) => id).sort();
      assert.deepEqual(ids((await ask("/api/v1/dags")).body.dags), dags);
      assert.deepEqual(
        ids((await ask("/api/v1/runs")).body.runs),
        dags.map(id => `${id}~r`),
      );
      const files = (await ask("/api/v1/import-errors")).body.importErrors.map(({ file }: { file: string }) => file);
      const known = ["load", "train"].filter(id => dags.includes(id)).map(id => `${id}.ts`);
      assert.deepEqual(files.sort(), grants.some(grant => grant.dags === undefined) ? ["load.ts", "new.ts", "train.ts"] : known);
      // What the pages are made of.
      assert.deepEqual(ids((await ask("/api/v1/overview/dags")).body.dags), dags);
      const now = JSON.stringify([(await ask("/api/v1/overview")).body, (await ask("/api/v1/overview/tasks")).body]);
      for (const id of ["clean", "load", "train"])
        if (!dags.includes(id)) assert.ok(!now.includes(`${id}~r`) && !now.includes(`"${id}"`), `${id} is seen`);
    });
  }

  it("lists of backfills, too", async () => {
    const all = await as({ role: "operator" });
    for (const dagId of ["load", "train"]) {
      const body = { dagId, from: "2026-01-01T00:00:00Z", until: "2026-01-02T00:00:00Z" };
      assert.equal((await all("/api/v1/backfills", "POST", body)).status, 201, dagId);
    }
    const ask = await as({ role: "viewer", dags: { tags: ["etl"] } });
    const shown = (await ask("/api/v1/backfills")).body.backfills.map(({ dagId }: { dagId: string }) => dagId);
    assert.deepEqual(shown, ["load"]);
  });

  it("what is not the caller's own is answered as if it were not there", async () => {
    const ask = await as({ role: "admin", dags: { tags: ["etl"] } });
    assert.deepEqual(essence(await ask("/api/v1/dags/train")), [404, "WL_DAG_UNKNOWN"]);
    assert.deepEqual(essence(await ask("/api/v1/dags/never-was")), [404, "WL_DAG_UNKNOWN"]);
    assert.deepEqual(essence(await ask("/api/v1/runs/train~r")), [404, "WL_RUN_UNKNOWN"]);
    assert.deepEqual(essence(await ask("/api/v1/dags/train/grid")), [404, "WL_DAG_UNKNOWN"]);
    const range = { from: "2026-01-01T00:00:00Z", until: "2026-01-02T00:00:00Z" };
    assert.deepEqual(essence(await ask("/api/v1/backfills", "POST", { dagId: "train", ...range })), [404, "WL_DAG_UNKNOWN"]);
    assert.equal((await ask("/api/v1/backfills", "POST", { dagId: "load", dryRun: true, ...range })).status, 200);
  });

  it("may be read and not be moved", async () => {
    const ask = await as({ role: "viewer" }, { role: "operator", dags: { tags: ["etl"] } });
    assert.deepEqual(essence(await ask("/api/v1/dags/train", "PATCH", { paused: true })), [403, "WL_FORBIDDEN"]);
    assert.equal((await ask("/api/v1/dags/load", "PATCH", { paused: true })).status, 200);
    const range = { from: "2026-01-01T00:00:00Z", until: "2026-01-02T00:00:00Z" };
    assert.deepEqual(essence(await ask("/api/v1/backfills", "POST", { dagId: "train", ...range })), [403, "WL_FORBIDDEN"]);
  });

  it("overrides and pods of one's own ask for an author", async () => {
    const operator = await as({ role: "operator" });
    const override = { "*": { image: "mine" } };
    assert.deepEqual(essence(await operator("/api/v1/dags/load/runs", "POST", { override })), [403, "WL_FORBIDDEN"]);
    assert.equal((await operator("/api/v1/dags/load/runs", "POST", {})).status, 201);
    assert.deepEqual(essence(await operator("/api/v1/runs", "POST", { image: "a" })), [403, "WL_FORBIDDEN"]);
    const author = await as({ role: "author", dags: { ids: ["load"] } });
    // "*" means tasks with pods, and there is none.
    assert.equal((await author("/api/v1/dags/load/runs", "POST", { override })).status, 201);
    assert.deepEqual(essence(await author("/api/v1/runs", "POST", { image: "a" })), [403, "WL_FORBIDDEN"]);
    const adhoc = await as({ role: "author", dags: { ids: ["adhoc"] } });
    const started = await adhoc("/api/v1/runs", "POST", { image: "a" });
    assert.equal(started.status, 201);
    assert.equal((await adhoc(started.body.links.self)).status, 200);
    assert.equal((await author(started.body.links.self)).status, 404);
  });

  it("Bull Board shows all jobs: only to who may read all DAGs", async () => {
    const limited = await as({ role: "admin", dags: { tags: ["etl"] } });
    for (const path of ["/queues", "/queues/api/queues"]) assert.equal((await limited(path)).status, 403, path);
    const viewer = await as({ role: "viewer" });
    assert.equal((await viewer("/queues/api/queues")).body.queues[0].readOnlyMode, true);
    const operator = await as({ role: "operator" });
    assert.equal((await operator("/queues/api/queues")).body.queues[0].readOnlyMode, false);
  });
});
