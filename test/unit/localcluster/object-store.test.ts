import assert from "node:assert/strict";
import type { KubeObject } from "#localcluster/store/kube-object.ts";
import { type Change, ObjectStore } from "#localcluster/store/object-store.ts";
import { watchEvent } from "#localcluster/store/watch-event.ts";

const object = (name: string, labels: Record<string, string> = {}): KubeObject => ({
  kind: "Pod",
  apiVersion: "v1",
  metadata: { name, namespace: "n", uid: name, resourceVersion: "", creationTimestamp: "", labels },
});

describe("localcluster: object store", () => {
  it("every change has a higher revision, over all resources", () => {
    const store = new ObjectStore();
    const revisions = [
      store.create("pods", object("a")),
      store.create("secrets", object("b")),
      store.update("pods", object("a")),
    ];
    const numbers = revisions.map(({ metadata }) => Number(metadata.resourceVersion));
    assert.deepEqual(numbers, [numbers[0], numbers[0]! + 1, numbers[0]! + 2]);
    assert.equal(store.revision, numbers[2]);
  });

  it("history is told from a revision on, per resource", () => {
    const store = new ObjectStore();
    const first = store.create("pods", object("a"));
    store.create("secrets", object("s"));
    store.update("pods", object("a"));
    store.remove("pods", store.get("pods", "n", "a")!);
    const changes = store.since("pods", Number(first.metadata.resourceVersion));
    assert.deepEqual(
      changes?.map(({ type }) => type),
      ["MODIFIED", "DELETED"],
    );
    assert.deepEqual(store.since("pods", store.revision), []);
  });

  it("what history does not reach is expired: by its bound and by compaction", () => {
    const store = new ObjectStore(10);
    const start = Number(store.create("pods", object("a")).metadata.resourceVersion);
    for (let count = 0; count < 30; count++) store.update("pods", object("a"));
    assert.equal(store.since("pods", start), undefined);
    const recent = store.revision;
    assert.deepEqual(store.since("pods", recent), []);
    store.compact();
    assert.equal(store.since("pods", recent), undefined);
    assert.deepEqual(store.since("pods", store.revision), []);
  });

  it("a listener that commits does not change the order others hear", () => {
    const store = new ObjectStore();
    const heard: string[] = [];
    store.subscribe(({ type }) => {
      if (type === "ADDED") store.update("pods", object("a"));
    });
    store.subscribe(({ type }) => heard.push(type));
    store.create("pods", object("a"));
    assert.deepEqual(heard, ["ADDED", "MODIFIED"]);
  });

  it("lists are in the order of their keys, whatever the order of creation", () => {
    const store = new ObjectStore();
    for (const name of ["c", "a", "b"]) store.create("pods", object(name));
    assert.deepEqual(
      store.list("pods", "n").map(({ metadata }) => metadata.name),
      ["a", "b", "c"],
    );
    assert.deepEqual(store.list("pods", "other"), []);
  });
});

describe("localcluster: watch events", () => {
  const red = (one: KubeObject): boolean => one.metadata.labels?.team === "red";
  const [before, after] = [object("a", { team: "red" }), object("a", { team: "blue" })];
  const change = (type: Change["type"], to: KubeObject, from?: KubeObject): Change => ({
    type,
    resource: "pods",
    revision: 9,
    object: { ...to, metadata: { ...to.metadata, resourceVersion: "9" } },
    previous: from,
  });
  const CASES: [title: string, change: Change, type: string | undefined][] = [
    ["created inside", change("ADDED", before), "ADDED"],
    ["created outside", change("ADDED", after), undefined],
    ["changed inside", change("MODIFIED", before, before), "MODIFIED"],
    ["changed outside", change("MODIFIED", after, after), undefined],
    ["entered", change("MODIFIED", before, after), "ADDED"],
    ["left", change("MODIFIED", after, before), "DELETED"],
    ["deleted inside", change("DELETED", before, before), "DELETED"],
    ["deleted outside", change("DELETED", after, after), undefined],
  ];
  for (const [title, one, type] of CASES)
    it(`${title}: ${type ?? "silence"}`, () => assert.equal(watchEvent(one, red)?.type, type));

  it("what left is told in the state that still matched, under the new revision", () => {
    const { object: told } = watchEvent(change("MODIFIED", after, before), red)!;
    assert.deepEqual([told.metadata.labels, told.metadata.resourceVersion], [{ team: "red" }, "9"]);
  });
});
