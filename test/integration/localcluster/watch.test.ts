import assert from "node:assert/strict";
import { connect } from "node:http2";
import { type Json, podOf, TestCluster } from "./cluster-client.ts";

const PODS = "/api/v1/namespaces/default/pods";
const MERGE = { "content-type": "application/merge-patch+json" };

/** A pod no node takes: its history is only what the test writes. */
const still = (name: string, labels: Json = {}): Json =>
  podOf(name, { command: ["true"] }, { schedulingGates: [{ name: "test/gate" }] }, { labels });

describe("localcluster: watch", () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await TestCluster.start();
  });
  afterEach(() => cluster.close());

  const label = (name: string, labels: Json) => cluster.call("PATCH", `${PODS}/${name}`, { metadata: { labels } }, MERGE);
  const told = (lines: { type: string; object: Json }[]) =>
    lines.map(({ type, object }) => `${type} ${object.metadata?.name ?? object.code}`);

  it("resumes from a revision without loss and without repetition", async () => {
    await cluster.create(still("a"));
    const { resourceVersion } = (await cluster.call("GET", PODS)).json.metadata;
    await cluster.create(still("b"));
    await label("a", { x: "1" });
    await cluster.call("DELETE", `${PODS}/b`);
    const lines = await cluster
      .watch(`resourceVersion=${resourceVersion}`)
      .until(all => all.some(({ type }) => type === "DELETED"));
    assert.deepEqual(told(lines), ["ADDED b", "MODIFIED a", "MODIFIED b", "DELETED b"]);
    const versions = lines.map(({ object }) => Number(object.metadata.resourceVersion));
    assert.deepEqual(
      versions,
      versions.toSorted((a, b) => a - b),
    );
  });

  it("entering a selection is ADDED, leaving it is DELETED without a deletionTimestamp", async () => {
    await cluster.create(still("in-out"));
    const watching = cluster.watch("labelSelector=team=red");
    await label("in-out", { team: "red" });
    await label("in-out", { other: "1" });
    await label("in-out", { team: "blue" });
    await label("in-out", { other: "2" });
    const lines = await watching.until(all => all.some(({ type }) => type === "DELETED"));
    assert.deepEqual(told(lines), ["ADDED in-out", "MODIFIED in-out", "DELETED in-out"]);
    assert.equal(lines[2]!.object.metadata.deletionTimestamp, undefined);
    assert.equal(lines[2]!.object.metadata.labels.team, "red");
  });

  it("after a compaction an older revision is an ERROR 410 and the end", async () => {
    await cluster.create(still("old"));
    const { resourceVersion } = (await cluster.call("GET", PODS)).json.metadata;
    cluster.cluster.faults.compact();
    const watching = cluster.watch(`resourceVersion=${resourceVersion}`);
    const [line] = await watching.until(all => all.length > 0);
    assert.deepEqual([line!.type, line!.object.code, line!.object.reason], ["ERROR", 410, "Expired"]);
    await watching.until((_, { ended }) => ended);
  });

  it("bookmarks come to those who ask, and their revision outlives a compaction", async () => {
    const { resourceVersion } = (await cluster.call("GET", PODS)).json.metadata;
    const asking = cluster.watch(`resourceVersion=${resourceVersion}&allowWatchBookmarks=true`);
    const silent = cluster.watch(`resourceVersion=${resourceVersion}`);
    await cluster.create(still("first"));
    await asking.until(lines => lines.length === 1);
    await silent.until(lines => lines.length === 1);
    await cluster.call("POST", "/api/v1/namespaces/default/configmaps", { metadata: { name: "moves-the-revision" } });
    cluster.cluster.faults.compact();
    cluster.cluster.faults.http.bookmark();
    const bookmark = (await asking.until(lines => lines.some(({ type }) => type === "BOOKMARK"))).at(-1)!;
    await cluster.create(still("second"));
    await silent.until(lines => lines.length === 2);
    assert.deepEqual(told(silent.lines), ["ADDED first", "ADDED second"]);
    const resumed = cluster.watch(`resourceVersion=${bookmark.object.metadata.resourceVersion}`);
    assert.deepEqual(told(await resumed.until(lines => lines.length > 0)), ["ADDED second"]);
  });

  it("bookmarkMs is how often they come by themselves", async () => {
    const often = await TestCluster.start({ bookmarkMs: 5 });
    try {
      const lines = await often.watch("allowWatchBookmarks=true").until(all => all.length >= 2);
      assert.ok(lines.every(({ type }) => type === "BOOKMARK"));
    } finally {
      await often.close();
    }
  });

  it("ends by itself after timeoutSeconds", async () => {
    const watching = cluster.watch("timeoutSeconds=1");
    await watching.until((_, { ended }) => ended);
    assert.equal(watching.error, undefined);
  });

  it("sendInitialEvents lists first and marks the end of it", async () => {
    await cluster.create(still("there"));
    const query = "sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan";
    const lines = await cluster.watch(query).until(all => all.length >= 2);
    assert.deepEqual(
      lines.map(({ type }) => type),
      ["ADDED", "BOOKMARK"],
    );
    assert.equal(lines[1]!.object.metadata.annotations["k8s.io/initial-events-end"], "true");
  });

  it("HTTP/2 with prior knowledge is served on the same port by the same handler", async () => {
    await cluster.create(still("over-h2"));
    const session = connect(cluster.cluster.url);
    const text = await new Promise<string>((resolve, reject) => {
      const stream = session.request({ ":path": `${PODS}/over-h2` });
      let body = "";
      stream
        .setEncoding("utf8")
        .on("data", chunk => (body += chunk))
        .on("end", () => resolve(body))
        .on("error", reject);
    });
    const watched = await new Promise<string>((resolve, reject) => {
      const stream = session.request({ ":path": `${PODS}?watch=true` });
      stream.setEncoding("utf8").on("data", resolve).on("error", reject);
    });
    session.destroy();
    assert.equal(JSON.parse(text).metadata.name, "over-h2");
    assert.equal(JSON.parse(watched).type, "ADDED");
  });
});
