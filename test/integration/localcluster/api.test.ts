import assert from "node:assert/strict";
import { ended, type Json, podOf, running, shell, TestCluster } from "./cluster-client.ts";

const PODS = "/api/v1/namespaces/default/pods";

describe("localcluster: API", () => {
  let cluster: TestCluster;
  before(async () => {
    cluster = await TestCluster.start();
  });
  after(() => cluster.close());

  const invalid = (text: string) => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pod = (change: Json): Json => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "refused" },
    spec: { containers: [{ name: "x", image: "busybox" }] },
    ...change,
  });
  const withContainer = (container: Json): Json => pod({ spec: { containers: [{ name: "x", image: "busybox", ...container }] } });

  // Code and message are what kube-apiserver 1.34 answers to the same body.
  const REFUSALS: { title: string; path?: string; body: Json; code: number; message: string }[] = [
    {
      title: "no name",
      body: pod({ metadata: {} }),
      code: 422,
      message: 'Pod "" is invalid: metadata.name: Required value: name or generateName is required',
    },
    {
      title: "no containers",
      body: pod({ spec: {} }),
      code: 422,
      message: 'Pod "refused" is invalid: spec.containers: Required value',
    },
    {
      title: "a bad name",
      body: pod({ metadata: { name: "A_b" } }),
      code: 422,
      message: 'Pod "A_b" is invalid: metadata.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain must consist of',
    },
    {
      title: "a bad container name",
      body: withContainer({ name: "Xx" }),
      code: 422,
      message: 'spec.containers[0].name: Invalid value: "Xx": a lowercase RFC 1123 label must consist of',
    },
    { title: "no image", body: withContainer({ image: "" }), code: 422, message: "spec.containers[0].image: Required value" },
    {
      title: "a bad label",
      body: pod({ metadata: { name: "refused", labels: { "a b": "c" } } }),
      code: 422,
      message: 'metadata.labels: Invalid value: "a b": name part must consist of alphanumeric characters',
    },
    {
      title: "two of a name",
      body: pod({
        spec: {
          containers: [
            { name: "x", image: "b" },
            { name: "x", image: "b" },
          ],
        },
      }),
      code: 422,
      message: 'spec.containers[1].name: Duplicate value: "x"',
    },
    {
      title: "an unknown volume",
      body: withContainer({ volumeMounts: [{ name: "q", mountPath: "/q" }] }),
      code: 422,
      message: 'spec.containers[0].volumeMounts[0].name: Not found: "q"',
    },
    {
      title: "a bad policy",
      body: pod({ spec: { restartPolicy: "Nevr", containers: [{ name: "x", image: "b" }] } }),
      code: 422,
      message: 'spec.restartPolicy: Unsupported value: "Nevr": supported values: "Always", "OnFailure", "Never"',
    },
    {
      title: "a deadline in the past",
      body: pod({ spec: { activeDeadlineSeconds: -1, containers: [{ name: "x", image: "b" }] } }),
      code: 422,
      message: "spec.activeDeadlineSeconds: Invalid value: -1: must be between 1 and 2147483647, inclusive",
    },
    {
      title: "more asked than allowed",
      body: withContainer({ resources: { limits: { cpu: "1" }, requests: { cpu: "2" } } }),
      code: 422,
      message: 'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
    },
    {
      title: "an unknown field",
      body: withContainer({ foo: 1 }),
      code: 400,
      message: 'Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].foo"',
    },
    {
      title: "a wrong type",
      body: withContainer({ env: [{ name: "a", value: 5 }] }),
      code: 400,
      message:
        'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal number into Go struct field EnvVar.spec.containers.env.value of type string',
    },
    {
      title: "another kind",
      body: { kind: "Secret", apiVersion: "v1", metadata: { name: "a" } },
      code: 400,
      message: 'Secret in version "v1" cannot be handled as a Pod: converting (v1.Secret) to (core.Pod): unknown conversion',
    },
    {
      title: "another namespace",
      body: pod({ metadata: { name: "refused", namespace: "other" } }),
      code: 400,
      message: "the namespace of the provided object does not match the namespace sent on the request",
    },
    {
      title: "no JSON",
      body: "{bad",
      code: 400,
      message: "the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error:",
    },
    {
      title: "an absent namespace",
      path: "/api/v1/namespaces/absent/pods",
      body: pod({}),
      code: 404,
      message: 'namespaces "absent" not found',
    },
    {
      title: "an absent service account",
      body: pod({ spec: { serviceAccountName: "foo", containers: [{ name: "x", image: "b" }] } }),
      code: 403,
      message: 'pods "refused" is forbidden: error looking up service account default/foo: serviceaccount "foo" not found',
    },
  ];
  for (const { title, path = PODS, body, code, message } of REFUSALS) {
    it(`refuses ${title}`, async () => {
      const answer = await cluster.call("POST", `${path}?fieldValidation=Strict`, body);
      assert.equal(answer.code, code);
      assert.equal(answer.json.kind, "Status");
      assert.match(answer.json.message, invalid(message));
      assert.equal((await cluster.get("refused")).code, 404);
    });
  }

  it("without Strict an unknown field is dropped with a warning", async () => {
    const answer = await cluster.call("POST", `${PODS}?dryRun=All`, withContainer({ foo: 1 }));
    assert.equal(answer.code, 201);
    assert.equal(answer.headers.get("warning"), '299 - "unknown field \\"spec.containers[0].foo\\""');
    assert.equal(answer.json.spec.containers[0].foo, undefined);
    assert.equal((await cluster.get("refused")).code, 404);
  });

  it("a pod exists once; while it is being deleted the refusal says so", async () => {
    await cluster.create(shell("once", "trap '' TERM; while :; do sleep 0.05; done", { terminationGracePeriodSeconds: 30 }));
    await cluster.seen("once", running);
    assert.equal((await cluster.call("POST", PODS, shell("once", "true"))).json.message, 'pods "once" already exists');
    await cluster.call("DELETE", `${PODS}/once`);
    const answer = await cluster.call("POST", PODS, shell("once", "true"));
    assert.deepEqual([answer.code, answer.json.message], [409, 'object is being deleted: pods "once" already exists']);
    await cluster.call("DELETE", `${PODS}/once?gracePeriodSeconds=0`);
    assert.equal((await cluster.get("once")).code, 404);
  });

  it("a deletion of another uid is refused", async () => {
    const { metadata } = await cluster.create(shell("mine", "sleep 100"));
    const wrong = await cluster.call("DELETE", `${PODS}/mine`, { preconditions: { uid: "123" } });
    assert.equal(wrong.code, 409);
    assert.match(wrong.json.message, /the UID in the precondition \(123\) does not match the UID in record/);
    assert.equal((await cluster.get("mine")).json.metadata.deletionTimestamp, undefined);
    assert.equal((await cluster.call("DELETE", `${PODS}/mine`, { preconditions: { uid: metadata.uid } })).code, 200);
  });

  it("a finalizer holds a pod until it is taken away", async () => {
    await cluster.create(shell("held", "true", {}, { finalizers: ["test/hold"] }));
    await cluster.seen("held", ended);
    await cluster.call("DELETE", `${PODS}/held`);
    assert.notEqual((await cluster.get("held")).json.metadata.deletionTimestamp, undefined);
    await cluster.call(
      "PATCH",
      `${PODS}/held`,
      { metadata: { finalizers: null } },
      { "content-type": "application/merge-patch+json" },
    );
    assert.equal((await cluster.get("held")).code, 404);
  });

  it("the status belongs to /status, the rest to the pod", async () => {
    await cluster.create(podOf("parts", { command: ["true"] }, { nodeSelector: { none: "such" } }));
    const merge = { "content-type": "application/merge-patch+json" };
    const change = { metadata: { labels: { a: "b" } }, status: { message: "from outside" } };
    const main = await cluster.call("PATCH", `${PODS}/parts`, change, merge);
    assert.deepEqual([main.json.metadata.labels, main.json.status.message], [{ a: "b" }, undefined]);
    const status = await cluster.call(
      "PATCH",
      `${PODS}/parts/status`,
      { spec: { hostname: "no" }, status: { message: "from outside" } },
      merge,
    );
    assert.deepEqual([status.json.spec.hostname, status.json.status.message], [undefined, "from outside"]);
    const stale = await cluster.call("PATCH", `${PODS}/parts`, { metadata: { resourceVersion: "1" } }, merge);
    assert.equal(
      stale.json.message,
      'Operation cannot be fulfilled on pods "parts": the object has been modified; please apply your changes to the latest version and try again',
    );
    const frozen = await cluster.call("PATCH", `${PODS}/parts`, { spec: { restartPolicy: "Always" } }, merge);
    assert.match(frozen.json.message, /^Pod "parts" is invalid: spec: Forbidden: pod updates may not change fields other than/);
  });

  it("pages are of one snapshot, and a compaction expires the token", async () => {
    for (const name of ["page-a", "page-b", "page-c"])
      await cluster.create(podOf(name, { command: ["true"] }, {}, { labels: { page: "1" } }));
    const first = await cluster.call("GET", `${PODS}?labelSelector=page=1&limit=2`);
    assert.deepEqual(
      first.json.items.map((item: Json) => item.metadata.name),
      ["page-a", "page-b"],
    );
    assert.equal(first.json.metadata.remainingItemCount, 1);
    await cluster.create(podOf("page-d", { command: ["true"] }, {}, { labels: { page: "1" } }));
    const token = encodeURIComponent(first.json.metadata.continue);
    const second = await cluster.call("GET", `${PODS}?labelSelector=page=1&limit=2&continue=${token}`);
    assert.deepEqual(
      second.json.items.map((item: Json) => item.metadata.name),
      ["page-c"],
    );
    assert.equal(second.json.metadata.resourceVersion, first.json.metadata.resourceVersion);
    cluster.cluster.faults.compact();
    const expired = await cluster.call("GET", `${PODS}?labelSelector=page=1&limit=2&continue=${token}`);
    assert.deepEqual([expired.code, expired.json.reason], [410, "Expired"]);
  });

  it("an eviction marks the pod as disrupted and deletes it with its grace", async () => {
    await cluster.create(shell("evicted", "sleep 100"));
    await cluster.seen("evicted", running);
    const watching = cluster.watch("fieldSelector=metadata.name=evicted");
    const answer = await cluster.call("POST", `${PODS}/evicted/eviction`, {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name: "evicted" },
    });
    assert.equal(answer.code, 201);
    const lines = await watching.until(all => all.some(({ type }) => type === "DELETED"));
    const condition = lines.at(-1)!.object.status.conditions.find(({ type }: Json) => type === "DisruptionTarget");
    assert.deepEqual([condition.status, condition.reason], ["True", "EvictionByEvictionAPI"]);
  });

  it("a namespace is emptied and goes; nothing can be created meanwhile", async () => {
    await cluster.call("POST", "/api/v1/namespaces", { metadata: { name: "short-lived" } });
    const pods = "/api/v1/namespaces/short-lived/pods";
    const spec = { terminationGracePeriodSeconds: 30 };
    await cluster.call("POST", pods, shell("stays", "trap '' TERM; while :; do sleep 0.05; done", spec));
    const started = cluster.watch("", pods);
    await started.until(lines => lines.some(line => running(line.object)));
    const answer = await cluster.call("DELETE", "/api/v1/namespaces/short-lived");
    assert.equal(answer.json.status.phase, "Terminating");
    const refused = await cluster.call("POST", pods, shell("late", "true"));
    assert.deepEqual([refused.code, refused.json.details.causes[0].reason], [403, "NamespaceTerminating"]);
    const gone = cluster.watch("fieldSelector=metadata.name=short-lived", "/api/v1/namespaces");
    await cluster.call("DELETE", `${pods}/stays?gracePeriodSeconds=0`);
    await gone.until(lines => lines.some(({ type }) => type === "DELETED"));
    assert.equal((await cluster.call("GET", "/api/v1/namespaces/short-lived")).code, 404);
  });

  it("web pages are turned away: they must not start processes here", async () => {
    const origin = await cluster.call("GET", PODS, undefined, { origin: "http://evil.example" });
    assert.equal(origin.code, 403);
  });
});
