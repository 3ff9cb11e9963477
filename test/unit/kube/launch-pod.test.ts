import assert from "node:assert/strict";
import { WindlassError } from "#core/errors.ts";
import type { TryKey } from "#core/ids.ts";
import { PodSpec } from "#core/pod/pod-spec.ts";
import type { Kube } from "#kube/kube.ts";
import { launchPod } from "#kube/launch-pod.ts";
import { type PodManifest, renderPod } from "#kube/manifest.ts";
import { reset, ScriptedApi, silence, status, text } from "./scripted-api.ts";

const key: TryKey = { dagId: "d", runId: "d~1", taskId: "t", try: 1, infra: 0 };
const render = (image = "busybox:1.36"): PodManifest =>
  renderPod({ pod: PodSpec.parse({ image }), key, settings: { defaultNamespace: "ns", instance: "a" } });

describe("launchPod", () => {
  let api: ScriptedApi;
  let kube: Kube;
  const manifest = render();
  const { name } = manifest.metadata;

  beforeEach(async () => {
    api = await ScriptedApi.start();
    kube = await api.open({ requestTimeoutMs: 200 });
  });

  afterEach(() => api.close());

  const requests = () => api.seen.map(({ method }) => method);
  /** Writes the pod before it says that it could not. */
  const createUnseen = (reply: typeof reset) => {
    api.fault("POST", /./, 1, (request, response, url) => {
      api.create(name, {}, manifest.metadata.annotations);
      reply(request, response, url);
    });
  };

  it("costs one write and no read", async () => {
    const launch = await launchPod({ kube, manifest, key });
    assert.equal(launch.how, "created");
    assert.deepEqual(requests(), ["POST"]);
    assert.equal(api.seen[0]!.query.get("fieldValidation"), "Strict");
    assert.equal(api.pod(name)!.spec.restartPolicy, "Never");
  });

  it("slows down in a namespace whose API server says that there are too many", async () => {
    api.fault("POST", /./, 1, text(429, "later", { "retry-after": "0" }));
    await launchPod({ kube, manifest, key });
    const [[namespace, pace] = []] = kube.stats.creates;
    assert.deepEqual([namespace, pace?.refusals, requests()], ["ns", 1, ["POST", "POST"]]);
    assert.ok(pace?.rate !== undefined && pace.rate < 500, `${pace?.rate}`);
  });

  it("adopts its own pod", async () => {
    await launchPod({ kube, manifest, key });
    const launch = await launchPod({ kube, manifest, key });
    assert.deepEqual(
      { how: launch.how, changed: "specChanged" in launch && launch.specChanged },
      { how: "adopted", changed: false },
    );
    assert.deepEqual(requests(), ["POST", "POST", "GET"]);
  });

  it("adopts it although the spec has changed, and says so", async () => {
    await launchPod({ kube, manifest: render("other:1"), key });
    const launch = await launchPod({ kube, manifest, key });
    assert.ok(launch.how === "adopted" && launch.specChanged);
  });

  it("adopts from the reflector without a request", async () => {
    const pod = api.create(name, {}, manifest.metadata.annotations);
    const launch = await launchPod({ kube, manifest, key, fresh: false, reflector: { get: () => pod } });
    assert.equal(launch.how, "adopted");
    assert.deepEqual(requests(), []);
  });

  it("creates what an adoption does not find", async () => {
    const launch = await launchPod({ kube, manifest, key, fresh: false, reflector: { get: () => undefined } });
    assert.equal(launch.how, "created");
  });

  it("leaves a pod that is being deleted to its end", async () => {
    api.create(name, {}, manifest.metadata.annotations);
    api.markDeleted(name);
    assert.equal((await launchPod({ kube, manifest, key })).how, "terminating");
  });

  it("reports a pod that went away between 409 and GET", async () => {
    api.fault("POST", /./, 1, status(409, "AlreadyExists", `object is being deleted: pods "${name}" already exists`));
    assert.equal((await launchPod({ kube, manifest, key })).how, "vanished");
  });

  for (const [whose, annotations] of Object.entries({
    "a stranger": {},
    "another try": { "windlass.dev/key": '{"dagId":"e"}' },
  })) {
    it(`never adopts the pod of ${whose}`, async () => {
      api.create(name, {}, annotations);
      await assert.rejects(
        launchPod({ kube, manifest, key }),
        (error: unknown) => error instanceof WindlassError && error.code === "WL_POD_NAME_TAKEN" && error.message.includes(name),
      );
    });
  }

  const UNCLEAR = { "a reset": reset, silence, "504": text(504, "upstream timed out") };
  for (const [what, reply] of Object.entries(UNCLEAR)) {
    it(`settles ${what} after the pod was written by reading its name`, async () => {
      createUnseen(reply);
      const launch = await launchPod({ kube, manifest, key });
      assert.equal(launch.how, "created");
      assert.deepEqual(requests(), ["POST", "GET"]);
    });

    it(`creates again when ${what} came before the pod was written`, async () => {
      api.fault("POST", /./, 1, reply);
      assert.equal((await launchPod({ kube, manifest, key })).how, "created");
      assert.deepEqual(requests(), ["POST", "GET", "POST"]);
    });
  }

  it("does not read after 429: the server promised that nothing was done", async () => {
    api.fault("POST", /./, 2, text(429, "Too many requests", { "retry-after": "0" }));
    assert.equal((await launchPod({ kube, manifest, key })).how, "created");
    assert.deepEqual(requests(), ["POST", "POST", "POST"]);
  });
});
