import assert from "node:assert/strict";
import { dag, z } from "windlass";
import { type OpenDashboard, openDashboard } from "./open-dashboard.ts";

describe("variables", () => {
  let dashboard: OpenDashboard;
  before(async () => {
    dashboard = await openDashboard();
  });
  after(() => dashboard.close());

  const put = (name: string, value: unknown) => dashboard.ask(`/api/v1/variables/${name}`, { method: "PUT", body: { value } });

  it("are set, listed, shown with their changes, and removed", async () => {
    assert.equal((await put("region", "eu")).status, 201);
    assert.equal((await put("limits", { rows: [1, null, true] })).status, 201);
    const second = await put("region", "us");
    assert.equal(second.status, 200);
    assert.equal(second.body.version, 2);

    const list = await dashboard.ask("/api/v1/variables");
    assert.deepEqual(
      list.body.variables.map(({ name, value, version }: { name: string; value: unknown; version: number }) => [
        name,
        value,
        version,
      ]),
      [
        ["limits", { rows: [1, null, true] }, 1],
        ["region", "us", 2],
      ],
    );
    const shown = await dashboard.ask("/api/v1/variables/region");
    assert.equal(shown.body.by, "anonymous");
    assert.deepEqual(
      shown.body.versions.map(({ version, value }: { version: number; value: unknown }) => [version, value]),
      [
        [2, "us"],
        [1, "eu"],
      ],
    );

    const left = await dashboard.ask("/api/v1/variables/region", { method: "DELETE" });
    assert.deepEqual(
      left.body.variables.map(({ name }: { name: string }) => name),
      ["limits"],
    );
    const gone = await dashboard.ask("/api/v1/variables/region");
    assert.equal(gone.status, 404);
    assert.equal(gone.body.code, "WL_VARIABLE_UNKNOWN");
    assert.equal((await dashboard.ask("/api/v1/variables/region", { method: "DELETE" })).status, 404);

    await put("region", "eu");
    const versions = await dashboard.state.variables.variableVersions("region");
    assert.deepEqual(
      versions.map(({ version, value }) => [version, value]),
      [
        [4, "eu"],
        [3, undefined],
        [2, "us"],
        [1, "eu"],
      ],
      "a removed variable keeps its story",
    );
  });

  it("keep their last 20 changes", async () => {
    for (let n = 1; n <= 23; n++) await dashboard.state.variables.putVariable("busy", n, { at: n, by: "ada" });
    const versions = await dashboard.state.variables.variableVersions("busy");
    assert.deepEqual(
      [versions.length, versions[0], versions.at(-1)],
      [20, { version: 23, at: 23, by: "ada", value: 23 }, { version: 4, at: 4, by: "ada", value: 4 }],
    );
  });

  const refused: readonly (readonly [what: string, name: string, body: unknown, code: string, pointer: string])[] = [
    ["a secret by its name", "db_password", { value: "hunter2" }, "WL_DAG_LITERAL_SECRET", "#/value"],
    ["a secret by its value", "x", { value: ["a", `ghp_${"a".repeat(36)}`] }, "WL_DAG_LITERAL_SECRET", "#/value/1"],
    ["a secret inside", "db", { value: { password: "hunter2" } }, "WL_DAG_LITERAL_SECRET", "#/value/password"],
    ["no value", "x", {}, "WL_INPUT", "#/value"],
    ["a long value", "x", { value: "a".repeat(16_384) }, "WL_INPUT", "#/value"],
    ["a deep value", "x", { value: JSON.parse("[".repeat(100) + "]".repeat(100)) }, "WL_INPUT", "#/value"],
    ["a name that is none", "a%20b", { value: 1 }, "WL_INPUT", "#/name"],
  ];
  for (const [what, name, body, code, pointer] of refused) {
    it(`are refused with ${what}`, async () => {
      const { status, body: problem, text } = await dashboard.ask(`/api/v1/variables/${name}`, { method: "PUT", body });
      assert.deepEqual([status, problem.code, problem.errors[0].pointer], [422, code, pointer]);
      assert.ok(!text.includes("hunter2"), "a message never repeats the value");
    });
  }
});

describe("a run's params", () => {
  let dashboard: OpenDashboard;
  before(async () => {
    dashboard = await openDashboard();
    const params = z.object({ country: z.enum(["DE", "FR"]).default("DE"), tables: z.array(z.object({ name: z.string() })) });
    await dashboard.publish(dag("etl", { params }, d => void d.empty("a")));
  });
  after(() => dashboard.close());

  const start = (conf?: unknown) =>
    dashboard.ask("/api/v1/dags/etl/runs", { method: "POST", body: conf === undefined ? {} : { conf } });

  it("get the DAG's defaults", async () => {
    const { status, body } = await start({ tables: [] });
    assert.equal(status, 201);
    assert.deepEqual((await dashboard.state.runs.getRun(body.id))?.conf, { country: "DE", tables: [] });
  });

  it("are refused with a pointer per mistake", async () => {
    const { status, body } = await start({ countr: "DE", country: "XX", tables: [{ name: "a" }, { name: 1 }] });
    assert.equal(status, 422);
    assert.deepEqual(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort(), [
      "#/conf/countr",
      "#/conf/country",
      "#/conf/tables/1/name",
    ]);
    assert.match(
      body.errors.find(({ pointer }: { pointer: string }) => pointer === "#/conf/countr").detail,
      /did you mean 'country'\?/,
    );
    assert.equal((await dashboard.state.runs.listRuns({ dagId: "etl", limit: 10 })).length, 1, "no run was created");
  });

  it("are required where they have no default", async () => {
    const { status, body } = await start();
    assert.deepEqual([status, body.errors[0].pointer], [422, "#/conf/tables"]);
  });

  it("are shown as JSON Schema, for forms", async () => {
    const { body } = await dashboard.ask("/api/v1/dags/etl");
    assert.deepEqual(body.spec.params.properties.country, { type: "string", enum: ["DE", "FR"], default: "DE" });
  });
});
