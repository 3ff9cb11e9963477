import assert from "node:assert/strict";
import type { PodChange } from "#kube/pod-listeners.ts";
import { PodReflector, type ReflectorOptions } from "#kube/pod-reflector.ts";
import { until } from "../../support/until.ts";
import { reset, ScriptedApi, silentStream, status, text } from "./scripted-api.ts";

describe("PodReflector", () => {
  let api: ScriptedApi;
  let stop: AbortController;
  let errors: unknown[];

  beforeEach(async () => {
    api = await ScriptedApi.start();
    stop = new AbortController();
    errors = [];
  });

  afterEach(async () => {
    stop.abort();
    await api.close();
  });

  async function reflect(options: Partial<ReflectorOptions> = {}): Promise<PodReflector> {
    const kube = await api.open();
    const reflector = new PodReflector({
      kube,
      namespace: "ns",
      labelSelector: "instance=a",
      onError: error => errors.push(error),
      ...options,
      timing: { backoffMs: 5, maxBackoffMs: 20, ...options.timing },
    });
    reflector.start(stop.signal);
    await reflector.synced;
    return reflector;
  }

  const watching = () => until(() => api.openWatches === 1, { what: "one open watch" });
  const phase = (reflector: PodReflector, name: string) => reflector.get(name)?.status.phase;

  function listen(reflector: PodReflector, name: string): PodChange[] {
    const heard: PodChange[] = [];
    reflector.subscribe(name, change => heard.push(change));
    return heard;
  }

  const goneIn = (heard: PodChange[]) => heard.find(change => "gone" in change);

  it("lists what is there and hears of what comes, within its selector", async () => {
    api.create("before", { instance: "a" });
    api.create("stranger", { instance: "b" });
    const reflector = await reflect();
    assert.equal(phase(reflector, "before"), "Pending");
    assert.equal(reflector.get("stranger"), undefined);
    await watching();
    api.create("after", { instance: "a" });
    await until(() => reflector.get("after"));
    api.change("after", { phase: "Running" });
    await until(() => phase(reflector, "after") === "Running");
    assert.deepEqual({ lists: api.lists, watches: api.watches, pods: reflector.stats.pods }, { lists: 1, watches: 1, pods: 2 });
  });

  it("pages through a long list", async () => {
    for (let i = 0; i < 1_201; i++) api.create(`p${i}`, { instance: "a" });
    const reflector = await reflect();
    assert.equal(reflector.stats.pods, 1_201);
    assert.equal(api.lists, 3);
  });

  it("starts a list again when it expires between two pages", async () => {
    for (let i = 0; i < 600; i++) api.create(`p${i}`, { instance: "a" });
    api.fault("GET", /continue=500/, 1, status(410, "Expired", "The provided continue parameter is too old"));
    const reflector = await reflect();
    assert.equal(reflector.stats.pods, 600);
    assert.equal(api.lists, 4);
  });

  it("tells a new subscriber the present state, and every later one", async () => {
    api.create("p", { instance: "a" });
    const reflector = await reflect();
    await watching();
    const heard = listen(reflector, "p");
    await until(() => heard.length === 1);
    api.change("p", { phase: "Running" });
    await until(() => heard.length === 2);
    assert.deepEqual(
      heard.map(change => "pod" in change && change.pod.status.phase),
      ["Pending", "Running"],
    );
  });

  it("calls nobody who has unsubscribed", async () => {
    api.create("p", { instance: "a" });
    const reflector = await reflect();
    const calls: PodChange[] = [];
    reflector.subscribe("p", change => calls.push(change))();
    const heard = listen(reflector, "p");
    await until(() => heard.length === 1);
    assert.equal(calls.length, 0);
  });

  it("survives a listener that throws", async () => {
    const reflector = await reflect();
    await watching();
    reflector.subscribe("p", () => {
      throw new Error("listener");
    });
    const heard = listen(reflector, "p");
    api.create("p", { instance: "a" });
    await until(() => heard.length === 1);
    assert.match(String(errors[0]), /listener/);
  });

  it("trims pods before keeping them", async () => {
    api.create("p", { instance: "a" }, { "kubectl.kubernetes.io/last-applied-configuration": "{}", mine: "1" });
    const reflector = await reflect();
    assert.deepEqual(reflector.get("p")!.metadata.annotations, { mine: "1" });
  });

  for (const how of ["end", "reset"] as const) {
    it(`takes up the watch without a list after the server's ${how}`, async () => {
      api.create("p", { instance: "a" });
      const reflector = await reflect();
      await watching();
      api.change("p", { phase: "Running" });
      await until(() => phase(reflector, "p") === "Running");
      api.endWatches(how);
      api.change("p", { phase: "Succeeded" });
      await until(() => phase(reflector, "p") === "Succeeded");
      assert.equal(api.lists, 1);
    });
  }

  it("keeps its place by bookmarks: no list after a compaction", async () => {
    const reflector = await reflect();
    await watching();
    api.compact();
    api.bookmark();
    api.endWatches("end");
    api.create("p", { instance: "a" });
    await until(() => reflector.get("p"));
    assert.equal(api.lists, 1);
  });

  it("tells the same state once", async () => {
    const reflector = await reflect();
    await watching();
    const heard = listen(reflector, "p");
    api.create("p", { instance: "a" });
    api.sendToWatchers({ type: "MODIFIED", object: api.pod("p")! });
    api.change("p", { phase: "Running" });
    await until(() => phase(reflector, "p") === "Running");
    assert.deepEqual(
      heard.map(change => "pod" in change && change.pod.status.phase),
      ["Pending", "Running"],
    );
  });

  it("lists again after 410 and tells who went missing", async () => {
    api.create("stays", { instance: "a" });
    api.create("goes", { instance: "a" });
    const reflector = await reflect();
    await watching();
    const heard = listen(reflector, "goes");
    api.fault("GET", /watch=true/, 2, status(503, "ServiceUnavailable", "apiserver is shutting down"));
    api.endWatches("reset");
    api.remove("goes");
    api.change("stays", { phase: "Running" });
    api.compact();
    await until(() => goneIn(heard));
    assert.equal(phase(reflector, "stays"), "Running");
    assert.deepEqual(
      { lists: api.lists, gone: goneIn(heard) },
      { lists: 2, gone: { gone: goneIn(heard)!.gone, leftSelector: false } },
    );
  });

  it("lists again after an HTTP 410", async () => {
    const reflector = await reflect();
    await watching();
    api.fault("GET", /watch=true/, 1, status(410, "Gone", "too old resource version"));
    api.endWatches("end");
    api.create("p", { instance: "a" });
    await until(() => reflector.get("p"));
    assert.equal(api.lists, 2);
  });

  it("waits and repeats when the server does not know the version yet", async () => {
    const reflector = await reflect();
    await watching();
    const details = {
      causes: [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }],
      retryAfterSeconds: 0,
    };
    api.sendToWatchers({
      type: "ERROR",
      object: { code: 504, reason: "Timeout", message: "Timeout: Too large resource version", details },
    });
    api.create("p", { instance: "a" });
    await until(() => reflector.get("p"));
    assert.equal(api.lists, 1);
  });

  const REFUSALS = {
    "429 in plain text": text(429, "Too many requests, please try again later.", { "retry-after": "0" }),
    "503": status(503, "ServiceUnavailable", "shutting down"),
    "500": status(500, "InternalError", "etcdserver: leader changed"),
    "a reset": reset,
  };
  for (const [what, reply] of Object.entries(REFUSALS)) {
    it(`survives three times ${what} on watch and list`, async () => {
      api.fault("GET", /\/pods\?(?!.*watch)/, 3, reply);
      api.fault("GET", /watch=true/, 3, reply);
      const reflector = await reflect();
      api.create("p", { instance: "a" });
      await until(() => reflector.get("p"));
      assert.equal(api.lists, 4);
    });
  }

  it("waits as long as Retry-After says", async () => {
    const reflector = await reflect();
    await watching();
    api.fault("GET", /watch=true/, 1, text(429, "Too many requests", { "retry-after": "3600" }));
    api.endWatches("reset");
    await until(() => errors.length === 2);
    // Fifty requests take longer than any backoff of this test.
    const kube = await api.open();
    for (let i = 0; i < 50; i++) await kube.version();
    assert.equal(reflector.stats.watches, 2);
  });

  it("leaves a silent watch after its idle time", async () => {
    api.fault("GET", /watch=true/, 1, silentStream);
    const reflector = await reflect({ timing: { idleMs: 60 } });
    api.create("p", { instance: "a" });
    await until(() => reflector.get("p"));
    assert.match(String(errors[0]), /silent/);
  });

  it("knows when it could not see: from the cut to the next watch that opens", async () => {
    const reflector = await reflect();
    await watching();
    assert.ok(reflector.sight.isClear);
    const before = Date.now();
    api.fault("GET", /watch=true/, 3, reset);
    api.endWatches("reset");
    await until(() => !reflector.sight.isClear, { what: "the loss of sight" });
    await until(() => reflector.sight.isClear, { what: "sight" });
    const unseenMs = reflector.sight.unseenMs(before, Date.now());
    assert.ok(unseenMs > 0 && unseenMs <= Date.now() - before, `${unseenMs} ms`);
    assert.equal(reflector.sight.unseenMs(0, before), 0);
  });

  it("counts what a silent watch did not show from the last word it said", async () => {
    const reflector = await reflect({ timing: { idleMs: 300 } });
    await watching();
    const heardAt = reflector.stats.lastEventAt!;
    await until(() => reflector.sight.unseenMs(0, Date.now()) > 0, { what: "unseen time" });
    await until(() => reflector.sight.isClear, { what: "sight" });
    assert.ok(reflector.sight.unseenMs(0, Date.now()) >= 290, "the silence counts, not only its discovery");
    assert.equal(reflector.sight.unseenMs(0, heardAt), 0);
  });

  it("does not hammer a server that ends every watch at once", async () => {
    api.fault("GET", /watch=true/, 5, text(200, ""));
    const reflector = await reflect();
    await watching();
    assert.equal(reflector.stats.errors, 5);
    assert.equal(api.watches, 6);
  });

  it("tells a pod that left the selector from one that was deleted", async () => {
    api.create("moves", { instance: "a" });
    api.create("dies", { instance: "a" });
    const reflector = await reflect();
    await watching();
    const [moves, dies] = [listen(reflector, "moves"), listen(reflector, "dies")];
    api.label("moves", { instance: "b" });
    // Never scheduled, so deleted at once: the event has no deletionTimestamp either.
    api.remove("dies");
    await until(() => goneIn(moves) && goneIn(dies));
    assert.deepEqual(
      [moves, dies].map(heard => goneIn(heard)).map(change => change && "gone" in change && change.leftSelector),
      [true, false],
    );
  });

  it("reports a proper deletion without asking", async () => {
    api.create("p", { instance: "a" });
    const reflector = await reflect();
    await watching();
    const heard = listen(reflector, "p");
    api.markDeleted("p");
    api.remove("p");
    await until(() => goneIn(heard));
    assert.equal(api.count("GET", /\/pods\/p$/), 0);
    assert.equal(reflector.get("p"), undefined);
  });

  it("takes a successor of the same name for another pod", async () => {
    const first = api.create("p", { instance: "a" }).metadata.uid;
    const reflector = await reflect();
    await watching();
    const heard = listen(reflector, "p");
    await until(() => heard.length === 1);
    api.fault("GET", /watch=true/, 1, status(410, "Expired", "too old"));
    api.endWatches("reset");
    api.markDeleted("p");
    api.remove("p", { silently: true });
    const second = api.create("p", { instance: "a" }).metadata.uid;
    await until(() => goneIn(heard));
    assert.notEqual(first, second);
    assert.equal(reflector.get("p")!.metadata.uid, second);
    assert.equal(goneIn(heard)!.gone!.metadata.uid, first);
  });

  it("asks by name for subscribed pods that it does not see", async () => {
    api.create("unlabelled");
    const reflector = await reflect({ timing: { sweepMs: 20, missingGraceMs: 0 } });
    const [there, nowhere] = [listen(reflector, "unlabelled"), listen(reflector, "nowhere")];
    await until(() => there.length > 0 && nowhere.length > 0);
    assert.ok("pod" in there[0]!);
    assert.deepEqual(nowhere[0], { gone: undefined, leftSelector: false });
  });

  it("stops when told, and says so to who still waits for the first list", async () => {
    const kube = await api.open();
    const reflector = new PodReflector({ kube, namespace: "ns" });
    const reason = new Error("enough");
    stop.abort(reason);
    reflector.start(stop.signal);
    await assert.rejects(reflector.synced, reason);
  });
});
