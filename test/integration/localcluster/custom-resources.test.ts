import assert from "node:assert/strict";
import { type Answer, type Json, TestCluster } from "./cluster-client.ts";

const GROUP = "demo.example";
const CRD = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `jobs.${GROUP}` },
  spec: {
    group: GROUP,
    scope: "Namespaced",
    names: { plural: "jobs", kind: "Job", shortNames: ["dj"] },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
        subresources: { status: {} },
        additionalPrinterColumns: [
          { name: "State", type: "string", jsonPath: ".status.state" },
          { name: "Since", type: "date", jsonPath: ".metadata.creationTimestamp" },
          { name: "Image", type: "string", jsonPath: ".spec.image", priority: 1 },
        ],
      },
    ],
  },
};
const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const ROOT = `/apis/${GROUP}/v1`;
const JOBS = `${ROOT}/namespaces/default/jobs`;

const jobOf = (spec: Json, metadata: Json = {}): Json => ({ apiVersion: `${GROUP}/v1`, kind: "Job", metadata, spec });

describe("localcluster: custom resources", () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await TestCluster.start();
    assert.equal((await cluster.call("POST", CRDS, CRD)).code, 201);
  });
  afterEach(() => cluster.close());

  const ok = async (answer: Promise<Answer>): Promise<Json> => {
    const { code, text, json } = await answer;
    assert.ok(code < 300, text);
    return json;
  };
  const create = (name: string, spec: Json = {}) => ok(cluster.call("POST", JOBS, jobOf(spec, { name })));
  const apply = (name: string, body: Json, query = "") =>
    cluster.call("PATCH", `${JOBS}/${name}?fieldManager=me${query}`, body, { "content-type": "application/apply-patch+yaml" });
  const merge = (path: string, body: Json) =>
    cluster.call("PATCH", `${JOBS}/${path}`, body, { "content-type": "application/merge-patch+json" });

  it("has a kind as soon as it is defined, and says so", async () => {
    const crd = await ok(cluster.call("GET", `${CRDS}/jobs.${GROUP}`));
    assert.deepEqual(
      crd.status.conditions.map((one: Json) => [one.type, one.status]),
      [
        ["NamesAccepted", "True"],
        ["Established", "True"],
      ],
    );
    assert.deepEqual([crd.spec.names.singular, crd.spec.names.listKind, crd.status.storedVersions], ["job", "JobList", ["v1"]]);
    const { groups } = await ok(cluster.call("GET", "/apis"));
    assert.deepEqual(groups.map((group: Json) => group.name).toSorted(), ["apiextensions.k8s.io", GROUP]);
    const { resources } = await ok(cluster.call("GET", ROOT));
    assert.deepEqual(
      resources.map((one: Json) => one.name),
      ["jobs", "jobs/status"],
    );
    assert.equal((await ok(cluster.call("GET", `/apis/${GROUP}`))).preferredVersion.groupVersion, `${GROUP}/v1`);
    assert.ok(
      `/apis/${GROUP}/v1/namespaces/{namespace}/jobs/{name}` in (await ok(cluster.call("GET", `/openapi/v3${ROOT}`))).paths,
    );
  });

  const WRONG: readonly [what: string, crd: Json, field: string][] = [
    ["of another name", { ...CRD, metadata: { name: `works.${GROUP}` } }, "metadata.name"],
    ["without a group", { ...CRD, spec: { ...CRD.spec, group: undefined } }, "spec.group"],
    ["without a kind", { ...CRD, spec: { ...CRD.spec, names: { plural: "jobs" } } }, "spec.names.kind"],
  ];
  for (const [what, crd, field] of WRONG) {
    it(`refuses a definition ${what}`, async () => {
      const { code, json } = await cluster.call("POST", CRDS, crd);
      assert.deepEqual([code, json.details.causes[0].field], [422, field]);
    });
  }

  it("does not know a kind, a version or a status that nobody has defined", async () => {
    const paths = [
      "/apis/nope.example/v1/namespaces/default/jobs",
      `/apis/${GROUP}/v2/namespaces/default/jobs`,
      `${JOBS}/a/scale`,
    ];
    for (const path of paths) assert.equal((await cluster.call("GET", path)).code, 404);
    const { code, json } = await cluster.call("GET", `${JOBS}/a`);
    assert.deepEqual([code, json.message], [404, `jobs.${GROUP} "a" not found`]);
    assert.deepEqual(json.details, { name: "a", group: GROUP, kind: "jobs" });
  });

  it("creates, lists, watches and deletes objects with any fields", async () => {
    const watching = cluster.watch("", JOBS);
    const job = await create("a", { image: "x", deep: { list: [1, { b: null }] } });
    assert.deepEqual([job.spec, job.metadata.generation, job.kind], [{ image: "x", deep: { list: [1, { b: null }] } }, 1, "Job"]);
    const list = await ok(cluster.call("GET", JOBS));
    assert.deepEqual([list.kind, list.apiVersion, list.items[0].kind], ["JobList", `${GROUP}/v1`, "Job"]);
    assert.equal((await cluster.call("POST", JOBS, jobOf({}, { name: "a" }))).code, 409);
    assert.equal((await cluster.call("POST", JOBS, { ...jobOf({}, { name: "b" }), kind: "Work" })).code, 400);
    const deleted = await ok(cluster.call("DELETE", `${JOBS}/a`));
    assert.deepEqual(deleted.details, { name: "a", group: GROUP, kind: "jobs", uid: job.metadata.uid });
    const lines = await watching.until(all => all.some(line => line.type === "DELETED"));
    assert.deepEqual(
      lines.map(line => line.type),
      ["ADDED", "DELETED"],
    );
  });

  it("keeps the status apart from the rest", async () => {
    const made = await ok(cluster.call("POST", JOBS, { ...jobOf({ a: 1 }, { name: "a" }), status: { state: "FORGED" } }));
    assert.equal(made.status, undefined);
    const status = await ok(merge("a/status", { status: { state: "RUNNING" }, spec: { a: 2 } }));
    assert.deepEqual([status.status, status.spec, status.metadata.generation], [{ state: "RUNNING" }, { a: 1 }, 1]);
    const spec = await ok(merge("a", { spec: { a: 3 }, status: { state: "FORGED" } }));
    assert.deepEqual([spec.status, spec.spec, spec.metadata.generation], [{ state: "RUNNING" }, { a: 3 }, 2]);
    assert.equal((await ok(merge("a", { metadata: { labels: { x: "y" } } }))).metadata.generation, 2);
  });

  it("prints the columns that the definition names", async () => {
    await create("a", { image: "x" });
    await ok(merge("a/status", { status: { state: "RUNNING" } }));
    const table = await cluster.call("GET", JOBS, undefined, { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" });
    assert.deepEqual(
      table.json.columnDefinitions.map((column: Json) => [column.name, column.priority]),
      [
        ["Name", 0],
        ["State", 0],
        ["Since", 0],
        ["Image", 1],
      ],
    );
    const [name, state, since, image] = table.json.rows[0].cells;
    assert.deepEqual([name, state, image], ["a", "RUNNING", "x"]);
    assert.match(since, /^\d+s$/);
  });

  describe("server-side apply", () => {
    it("makes what is not there, and changes what is", async () => {
      const first = await apply("a", jobOf({ image: "x", env: { A: "1" } }, { name: "a", labels: { one: "1" } }));
      assert.deepEqual([first.code, first.json.metadata.generation], [201, 1]);
      const same = await apply("a", jobOf({ image: "x", env: { A: "1" } }, { name: "a", labels: { one: "1" } }));
      assert.deepEqual([same.code, same.json.metadata.resourceVersion], [200, first.json.metadata.resourceVersion]);
      const changed = await apply("a", jobOf({ image: "y", env: { B: "2" } }));
      assert.deepEqual([changed.code, changed.json.spec], [200, { image: "y", env: { B: "2" } }]);
      assert.deepEqual([changed.json.metadata.labels, changed.json.metadata.generation], [undefined, 2]);
      assert.equal(changed.json.metadata.uid, first.json.metadata.uid);
    });

    it("leaves alone what nobody has applied", async () => {
      await apply("a", jobOf({ image: "x" }));
      await ok(merge("a", { spec: { extra: 1 } }));
      await ok(merge("a/status", { status: { state: "RUNNING" } }));
      const { json } = await apply("a", jobOf({ image: "y" }));
      assert.deepEqual([json.spec, json.status], [{ image: "y", extra: 1 }, { state: "RUNNING" }]);
    });

    it("lets one manager have a field at a time, unless it is forced", async () => {
      await apply("a", jobOf({ image: "x", size: 1 }));
      const asOther = (query: string, spec: Json) =>
        cluster.call("PATCH", `${JOBS}/a?fieldManager=other${query}`, jobOf(spec), {
          "content-type": "application/apply-patch+yaml",
        });
      const refused = await asOther("", { image: "y" });
      assert.deepEqual(
        [refused.code, refused.json.message],
        [409, 'Apply failed with 1 conflict: conflict with "me": .spec.image'],
      );
      assert.equal((await asOther("", { image: "x" })).code, 200, "the same value is no conflict");
      assert.deepEqual((await asOther("&force=true", { image: "y" })).json.spec, { image: "y", size: 1 });
      // "me" has lost the image and takes back the size; what is left is the other's.
      assert.deepEqual((await apply("a", jobOf({}))).json.spec, { image: "y" });
    });

    const REFUSED: readonly [what: string, body: Json][] = [
      ["under another name", jobOf({}, { name: "b" })],
      ["of another kind", { ...jobOf({}), kind: "Work" }],
      ["that is no JSON", "kind: Job"],
    ];
    for (const [what, body] of REFUSED) it(`refuses one ${what}`, async () => assert.equal((await apply("a", body)).code, 400));

    it("refuses one without a manager", async () => {
      const type = { "content-type": "application/apply-patch+yaml" };
      assert.equal((await cluster.call("PATCH", `${JOBS}/a`, jobOf({}), type)).code, 422);
    });
  });

  it("has no strategic merge for kinds that it knows nothing of", async () => {
    await create("a");
    const type = { "content-type": "application/strategic-merge-patch+json" };
    assert.equal((await cluster.call("PATCH", `${JOBS}/a`, { spec: {} }, type)).code, 415);
  });

  it("forgets the objects with their definition, and with their namespace", async () => {
    await create("a");
    await ok(cluster.call("POST", "/api/v1/namespaces", { metadata: { name: "other" } }));
    await ok(cluster.call("POST", `${ROOT}/namespaces/other/jobs`, jobOf({}, { name: "b" })));
    await ok(cluster.call("DELETE", "/api/v1/namespaces/other"));
    const left = await ok(cluster.call("GET", `${ROOT}/jobs`));
    assert.deepEqual(
      left.items.map((one: Json) => one.metadata.name),
      ["a"],
    );
    await ok(cluster.call("DELETE", `${CRDS}/jobs.${GROUP}`));
    assert.equal((await cluster.call("GET", JOBS)).code, 404);
    await ok(cluster.call("POST", CRDS, CRD));
    assert.deepEqual((await ok(cluster.call("GET", JOBS))).items, []);
  });

  it("serves kinds without a namespace and without a status of their own", async () => {
    const plan = structuredClone(CRD) as Json;
    plan.metadata.name = `plans.${GROUP}`;
    plan.spec.scope = "Cluster";
    plan.spec.names = { plural: "plans", kind: "Plan" };
    plan.spec.versions = [{ name: "v1", served: true, storage: true }];
    await ok(cluster.call("POST", CRDS, plan));
    const body = { apiVersion: `${GROUP}/v1`, kind: "Plan", metadata: { name: "p" }, status: { state: "NEW" } };
    assert.deepEqual((await ok(cluster.call("POST", `${ROOT}/plans`, body))).status, { state: "NEW" });
    assert.equal((await cluster.call("GET", `${ROOT}/plans/p/status`)).code, 404);
    const put = await ok(cluster.call("PUT", `${ROOT}/plans/p`, { ...body, status: { state: "OLD" } }));
    assert.deepEqual([put.status, put.metadata.generation], [{ state: "OLD" }, 2]);
  });
});
