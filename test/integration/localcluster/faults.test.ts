import assert from "node:assert/strict";
import { ended, type Json, mainState, podOf, running, shell, TestCluster } from "./cluster-client.ts";

const PODS = "/api/v1/namespaces/default/pods";

describe("localcluster: faults", () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await TestCluster.start();
  });
  afterEach(() => cluster.close());

  const ANSWERS: { title: string; answer: Json; code: number; expect: (text: string, headers: Headers) => void }[] = [
    {
      title: "429 as a Status",
      answer: { code: 429, retryAfterSeconds: 2 },
      code: 429,
      expect(text, headers) {
        assert.equal(headers.get("retry-after"), "2");
        assert.equal(JSON.parse(text).details.retryAfterSeconds, 2);
      },
    },
    {
      title: "429 as plain text",
      answer: { code: 429, retryAfterSeconds: 1, text: "Too many requests, please try again later." },
      code: 429,
      expect(text, headers) {
        assert.match(headers.get("content-type")!, /^text\/plain/);
        assert.equal(text, "Too many requests, please try again later.");
      },
    },
    { title: "500", answer: { code: 500 }, code: 500, expect: text => assert.match(JSON.parse(text).message, /leader changed/) },
    {
      title: "503",
      answer: { code: 503 },
      code: 503,
      expect: text => assert.equal(JSON.parse(text).reason, "ServiceUnavailable"),
    },
  ];
  for (const { title, answer, code, expect } of ANSWERS) {
    it(`answers ${title} as often as asked, then works again`, async () => {
      cluster.cluster.faults.http.answer({ verb: "list", resource: "pods" }, answer, 2);
      for (const _ of [1, 2]) {
        const refused = await cluster.call("GET", PODS);
        assert.equal(refused.code, code);
        expect(refused.text, refused.headers);
      }
      assert.equal((await cluster.call("GET", PODS)).code, 200);
      assert.deepEqual(
        cluster.cluster.stats.requests.all.map(({ status }) => status),
        [code, code, 200],
      );
    });
  }

  it("only what fits is hit", async () => {
    cluster.cluster.faults.http.answer({ verb: "create", name: /./ }, { code: 500 });
    cluster.cluster.faults.http.answer({ resource: "secrets" }, { code: 500 });
    assert.equal((await cluster.call("POST", PODS, shell("fine", "true"))).code, 201);
    assert.equal((await cluster.call("GET", "/api/v1/namespaces/default/secrets")).code, 500);
  });

  it("a reset before the work leaves nothing, after it the write is done and its answer lost", async () => {
    cluster.cluster.faults.http.reset({ verb: "create" }, "before");
    await assert.rejects(cluster.call("POST", PODS, shell("before", "true")));
    assert.equal((await cluster.get("before")).code, 404);
    cluster.cluster.faults.http.reset({ verb: "create" }, "after");
    await assert.rejects(cluster.call("POST", PODS, shell("after", "true")));
    assert.equal((await cluster.get("after")).code, 200);
    cluster.cluster.faults.http.reset({ verb: "get" }, "midway");
    await assert.rejects(cluster.get("after"));
  });

  it("silence is no answer at all, until the client gives up", async () => {
    cluster.cluster.faults.http.silence({ verb: "list" });
    const signal = AbortSignal.timeout(50);
    await assert.rejects(fetch(cluster.cluster.url + PODS, { signal }), { name: "TimeoutError" });
    assert.equal((await cluster.call("GET", PODS)).code, 200);
  });

  it("watches can be ended, reset and muted", async () => {
    const { http } = cluster.cluster.faults;
    const ending = cluster.watch();
    await cluster.create(podOf("one", { command: ["true"] }));
    await ending.until(lines => lines.length > 0);
    assert.equal(http.cut({ verb: "watch" }, "end"), 1);
    await ending.until((_, { ended }) => ended);
    assert.equal(ending.error, undefined);

    const resetting = cluster.watch();
    await resetting.until(lines => lines.length > 0);
    assert.equal(http.cut({ verb: "watch" }, "reset"), 1);
    await resetting.until((_, { ended }) => ended);
    assert.notEqual(resetting.error, undefined);

    const deaf = cluster.watch("labelSelector=heard");
    const witness = () => cluster.seen("unheard", ended);
    const unmute = http.mute();
    await cluster.create(podOf("unheard", { command: ["true"] }, {}, { labels: { heard: "no" } }));
    unmute();
    await witness();
    await cluster.create(podOf("heard", { command: ["true"] }, {}, { labels: { heard: "yes" } }));
    const lines = await deaf.until(all => all.some(({ object }) => object.metadata.name === "heard"));
    assert.ok(lines.every(({ type, object }) => type !== "ADDED" || object.metadata.name === "heard"));
  });

  it("a kubelet in trouble writes its words into the log with 200", async () => {
    await cluster.create(shell("words", "echo fine"));
    await cluster.seen("words", ended);
    cluster.cluster.faults.http.answer(
      { subresource: "log" },
      { code: 200, text: "failed to create fsnotify watcher: too many open files" },
    );
    const first = await cluster.log("words");
    assert.deepEqual([first.code, first.text], [200, "failed to create fsnotify watcher: too many open files"]);
    assert.equal((await cluster.log("words")).text, "fine\n");
  });

  it("clear ends what has not happened", async () => {
    cluster.cluster.faults.http.answer({}, { code: 500 }, Number.POSITIVE_INFINITY);
    assert.equal((await cluster.call("GET", PODS)).code, 500);
    cluster.cluster.faults.http.clear();
    assert.equal((await cluster.call("GET", PODS)).code, 200);
  });

  it("nodes evict, kernels kill, schedulers preempt, objects vanish", async () => {
    const { node } = cluster.cluster.faults;
    for (const name of ["evicted", "oom", "preempted", "vanished"]) {
      await cluster.create(shell(name, "sleep 100"));
      await cluster.seen(name, running);
    }
    node.evict("default", "evicted");
    const evicted = (await cluster.seen("evicted", ended)).at(-1)!.object.status;
    assert.deepEqual(
      [evicted.phase, evicted.reason, mainState({ status: evicted }).terminated.exitCode],
      ["Failed", "Evicted", 137],
    );
    assert.equal(evicted.conditions.find(({ type }: Json) => type === "DisruptionTarget").reason, "TerminationByKubelet");

    node.oomKill("default", "oom");
    const oom = (await cluster.seen("oom", ended)).at(-1)!.object;
    assert.deepEqual([mainState(oom).terminated.exitCode, mainState(oom).terminated.reason], [137, "OOMKilled"]);

    const watching = cluster.watch("resourceVersion=0");
    await watching.until(all => all.length === 4);
    node.preempt("default", "preempted");
    node.vanish("default", "vanished");
    const gone = (name: string) => (all: { type: string; object: Json }[]) =>
      all.find(line => line.type === "DELETED" && line.object.metadata.name === name);
    const lines = await watching.until(all => gone("preempted")(all) !== undefined && gone("vanished")(all) !== undefined);
    const preempted = gone("preempted")(lines)!.object;
    assert.equal(
      preempted.status.conditions.find(({ type }: Json) => type === "DisruptionTarget").reason,
      "PreemptionByScheduler",
    );
    assert.equal(gone("vanished")(lines)!.object.metadata.deletionTimestamp, undefined);
  });

  it("starts can be held", async () => {
    const release = cluster.cluster.faults.node.holdStarts();
    await cluster.create(shell("slow", "true"));
    const lines = await cluster.seen("slow", pod => mainState(pod)?.waiting?.reason === "ContainerCreating");
    assert.equal(lines.at(-1)!.object.status.phase, "Pending");
    assert.equal(
      (await cluster.log("slow")).json.message,
      'container "main" in pod "slow" is waiting to start: ContainerCreating',
    );
    release();
    await cluster.seen("slow", ended);
  });

  it("connections and requests are counted", async () => {
    const { stats } = cluster.cluster;
    await cluster.create(shell("counted", "true"));
    await cluster.seen("counted", ended);
    assert.equal(stats.requests.count({ verb: "create", resource: "pods" }), 1);
    assert.equal(stats.requests.count({ verb: "list" }), 0);
    assert.equal(stats.requests.count({ verb: "watch", userAgent: /./ }), 1);
    assert.ok(stats.connections.max >= 1 && stats.connections.total >= stats.connections.open);
  });
});
