import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { WindlassError } from "#core/errors.ts";
import { type Kube, openKube } from "#kube/kube.ts";
import { KubeError } from "#kube/kube-error.ts";
import { until } from "../../support/until.ts";
import { kubeconfigOf, reset, ScriptedApi, silence, status, text } from "./scripted-api.ts";

describe("openKube", () => {
  it("names where it looked when there is no configuration", async () => {
    const missing = join(tmpdir(), "windlass-no-such-kubeconfig");
    const refused = (error: unknown) =>
      error instanceof WindlassError && error.code === "WL_KUBE_CONFIG" && error.message.includes(missing);
    await assert.rejects(openKube({ kubeconfig: missing }), refused);
  });

  const BROKEN = {
    "no YAML": [":\n  - {", /cannot be read/],
    "an unknown context": [
      '{"clusters":[],"users":[],"contexts":[{"name":"a","context":{"cluster":"c","user":"u"}}],"current-context":"b"}',
      /contexts: a/,
    ],
  } as const;
  for (const [what, [content, message]] of Object.entries(BROKEN)) {
    it(`explains ${what}`, async () => {
      const dir = mkdtempSync(join(tmpdir(), "windlass-kube-"));
      try {
        writeFileSync(join(dir, "config"), content);
        await assert.rejects(openKube({ kubeconfig: join(dir, "config") }), (error: unknown) => {
          return error instanceof WindlassError && error.code === "WL_KUBE_CONFIG" && message.test(error.message);
        });
      } finally {
        rmSync(dir, { recursive: true });
      }
    });
  }
});

describe("Kube", () => {
  let api: ScriptedApi;
  let kube: Kube;

  beforeEach(async () => {
    api = await ScriptedApi.start();
    kube = await api.open({ requestTimeoutMs: 200 });
  });

  afterEach(() => api.close());

  const REPEATED = {
    "408": text(408, ""),
    "429 in plain text": text(429, "Too many requests", { "retry-after": "0" }),
    "502": text(502, "<html>bad gateway</html>"),
    "503": status(503, "ServiceUnavailable", "shutting down"),
    "504": status(504, "Timeout", "request timed out"),
    "500 from etcd": status(500, "InternalError", "etcdserver: request timed out"),
    "a reset": reset,
    silence,
    "an answer that is no JSON": text(200, "<html>"),
  };
  for (const [what, reply] of Object.entries(REPEATED)) {
    it(`repeats after ${what}`, async () => {
      api.create("p");
      api.fault("GET", /pods\/p/, 2, reply);
      assert.equal((await kube.getPod("ns", "p"))!.metadata.name, "p");
      assert.deepEqual({ seen: api.seen.length, retries: kube.stats.retries }, { seen: 3, retries: 2 });
    });
  }

  for (const code of [400, 403, 409, 413, 422, 500]) {
    it(`does not repeat after ${code}`, async () => {
      api.fault("GET", /pods\/p/, 9, status(code, "Reason", `no: ${code}`));
      await assert.rejects(kube.getPod("ns", "p"), (error: unknown) => {
        assert.ok(error instanceof KubeError);
        assert.deepEqual(
          [error.status, error.reason, error.message, error.code],
          [code, "Reason", `no: ${code}`, "WL_KUBE_REFUSED"],
        );
        return true;
      });
      assert.equal(api.seen.length, 1);
    });
  }

  it("gives up when the budget is spent, with the last error", async () => {
    api.fault("GET", /version/, 1_000, status(503, "ServiceUnavailable", "away"));
    const hasty = await api.open({ retry: { budgetMs: 50 } });
    await assert.rejects(
      hasty.version(),
      (error: unknown) => error instanceof KubeError && error.code === "WL_KUBE_AWAY" && error.status === 503,
    );
    assert.ok(api.seen.length > 1);
  });

  it("does not begin a wait that the budget cannot pay", async () => {
    api.fault("GET", /version/, 1, text(429, "later", { "retry-after": "3600" }));
    await assert.rejects(kube.version(), (error: unknown) => error instanceof KubeError && error.retryAfterMs === 3_600_000);
    assert.equal(api.seen.length, 1);
  });

  it("stops when told, with the signal's reason", async () => {
    api.fault("GET", /version/, 1, silence);
    const stop = new AbortController();
    const call = kube.version(stop.signal);
    call.catch(() => undefined);
    await until(() => api.seen.length === 1);
    const reason = new Error("enough");
    stop.abort(reason);
    await assert.rejects(call, reason);
  });

  it("loads its credentials anew after 401, once", async () => {
    api.fault("GET", /version/, 1, status(401, "Unauthorized", "Unauthorized"));
    await kube.version();
    assert.equal(api.seen.length, 2);
    api.fault("GET", /version/, 9, status(401, "Unauthorized", "Unauthorized"));
    await assert.rejects(kube.version(), (error: unknown) => error instanceof KubeError && error.isUnauthorized);
    assert.equal(api.seen.length, 4);
  });

  it("moves to another server when the kubeconfig says so", async () => {
    const other = await ScriptedApi.start();
    const dir = mkdtempSync(join(tmpdir(), "windlass-kube-"));
    const kubeconfig = join(dir, "config");
    try {
      writeFileSync(kubeconfig, kubeconfigOf(api.url));
      const moving = await openKube({ kubeconfig });
      await moving.version();
      writeFileSync(kubeconfig, kubeconfigOf(other.url));
      api.fault("GET", /version/, 1, status(401, "Unauthorized", "Unauthorized"));
      await moving.version();
      assert.deepEqual([api.seen.length, other.seen.length], [2, 1]);
      await moving.close();
    } finally {
      rmSync(dir, { recursive: true });
      await other.close();
    }
  });

  it("takes another server than the kubeconfig's", async () => {
    const other = await ScriptedApi.start();
    const moved = await api.open({ server: `${other.url}/behind/a/path/` });
    await moved.version().catch(() => undefined);
    assert.equal(other.seen[0]!.path, "/behind/a/path/version");
    await moved.close();
    await other.close();
  });

  it("sends token and user agent", async () => {
    await kube.version();
    assert.deepEqual([api.seen[0]!.headers.authorization, api.seen[0]!.headers["user-agent"]], ["Bearer secret", "windlass"]);
  });

  it("shares a bounded number of connections", async () => {
    await Promise.all(Array.from({ length: 100 }, () => kube.version()));
    assert.equal(api.seen.length, 100);
    assert.ok(api.mostSockets <= 8, `${api.mostSockets} connections`);
  });

  it("keeps a connection over a delete, whose body undici takes for a reason to close it", async () => {
    for (let i = 0; i < 10; i++) {
      const { uid } = api.create(`p${i}`).metadata;
      await kube.deletePod("ns", `p${i}`, { uid, graceSeconds: 0 });
    }
    assert.ok(api.totalSockets <= 2, `${api.totalSockets} connections for ten calls in a row`);
  });

  it("reads a pod that is not there as undefined", async () => {
    assert.equal(await kube.getPod("ns", "nobody"), undefined);
  });

  it("deletes this very pod and no other", async () => {
    const { uid } = api.create("p").metadata;
    assert.equal(await kube.deletePod("ns", "p", { uid: "another" }), "other-uid");
    assert.ok(api.pod("p"));
    assert.equal(await kube.deletePod("ns", "p", { uid, graceSeconds: 0 }), "deleted");
    assert.equal(await kube.deletePod("ns", "p", { uid }), "gone");
  });

  it("reads events oldest first", async () => {
    const event = (reason: string, second: number) => ({
      type: "Warning",
      reason,
      message: "m",
      count: 2,
      lastTimestamp: `2026-01-01T00:00:0${second}Z`,
    });
    api.fault("GET", /events/, 1, text(200, JSON.stringify({ items: [event("FailedMount", 5), event("Scheduled", 1)] })));
    const events = await kube.listEvents("ns", "p");
    assert.deepEqual(
      events.map(({ reason }) => reason),
      ["Scheduled", "FailedMount"],
    );
    assert.equal(api.seen[0]!.query.get("fieldSelector"), "involvedObject.kind=Pod,involvedObject.name=p");
  });

  it("ends what is under way when it is closed", async () => {
    api.fault("GET", /version/, 1, silence);
    const one = await api.open({ retry: { budgetMs: 0 } });
    const call = one.version();
    call.catch(() => undefined);
    await until(() => api.seen.length === 1);
    await one.close();
    await assert.rejects(call, (error: unknown) => error instanceof KubeError);
  });
});
