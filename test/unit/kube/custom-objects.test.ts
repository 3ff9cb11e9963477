import assert from "node:assert/strict";
import type { Call } from "#kube/connection.ts";
import { type CustomManifest, openCustomObjects, UnknownKind } from "#kube/custom-objects.ts";
import { KubeError } from "#kube/kube-error.ts";

const JOB = { apiVersion: "x.example/v1", kind: "Job", namespace: "ns", name: "a" };
const LISTS: Readonly<Record<string, unknown>> = {
  "/apis/x.example/v1": {
    resources: [
      { name: "jobs/status", kind: "Job", namespaced: true },
      { name: "jobs", kind: "Job", namespaced: true },
      { name: "plans", kind: "Plan", namespaced: false },
    ],
  },
  "/api/v1": { resources: [{ name: "configmaps", kind: "ConfigMap", namespaced: true }] },
};

const gone = (status = 404, reason = "NotFound") => new KubeError({ status, reason, message: "no" });

/** An API server that knows the lists above; every other call is answered by `answer`. */
function scene(answer: (call: Call) => unknown = () => ({})) {
  const calls: string[] = [];
  const objects = openCustomObjects({
    async send(call) {
      calls.push(`${call.method ?? "GET"} ${call.path}`);
      if (call.path in LISTS) return LISTS[call.path];
      if (/^\/apis?\/[^/]+(\/[^/]+)?$/.test(call.path)) throw gone();
      return answer(call);
    },
  });
  return { calls, objects };
}

describe("custom objects", () => {
  const paths: readonly (readonly [ref: Partial<typeof JOB>, path: string])[] = [
    [{}, "/apis/x.example/v1/namespaces/ns/jobs/a"],
    [{ kind: "Plan" }, "/apis/x.example/v1/plans/a"],
    [{ apiVersion: "v1", kind: "ConfigMap" }, "/api/v1/namespaces/ns/configmaps/a"],
  ];
  for (const [ref, path] of paths) {
    it(`${path}`, async () => {
      const { calls, objects } = scene();
      await objects.get({ ...JOB, ...ref });
      assert.equal(calls.at(-1), `GET ${path}`);
    });
  }

  it("asks once what a kind is called, and again for one that was not there", async () => {
    const { calls, objects } = scene();
    await objects.get(JOB);
    await objects.get(JOB);
    assert.equal(calls.filter(call => call === "GET /apis/x.example/v1").length, 1);
    for (const kind of ["Other", "Other"]) await assert.rejects(objects.get({ ...JOB, kind }), UnknownKind);
    assert.equal(calls.filter(call => call === "GET /apis/x.example/v1").length, 3);
    await assert.rejects(objects.get({ ...JOB, apiVersion: "y.example/v1" }), UnknownKind);
  });

  it("an object that is not there is undefined", async () =>
    assert.equal(
      await scene(() => {
        throw gone();
      }).objects.get(JOB),
      undefined,
    ));

  it("applies as Windlass, server-side and strictly", async () => {
    let sent: Call | undefined;
    const { objects } = scene(call => {
      sent = call;
      return { metadata: { uid: "u" } };
    });
    const manifest: CustomManifest = {
      apiVersion: JOB.apiVersion,
      kind: JOB.kind,
      metadata: { name: "a", namespace: "ns", labels: {}, annotations: {} },
    };
    await objects.apply(manifest);
    const { method, contentType, query, body } = sent!;
    assert.deepEqual([method, contentType, body], ["PATCH", "application/apply-patch+yaml", manifest]);
    assert.deepEqual(query, { fieldManager: "windlass", force: true, fieldValidation: "Strict" });
  });

  const deletions: readonly (readonly [error: KubeError | undefined, expected: string])[] = [
    [undefined, "deleted"],
    [gone(), "gone"],
    [gone(409, "Conflict"), "other-uid"],
  ];
  for (const [error, expected] of deletions) {
    it(`deletes only the uid: ${expected}`, async () => {
      let body: unknown;
      const { objects } = scene(call => {
        body = call.body;
        if (error) throw error;
        return {};
      });
      assert.equal(await objects.delete({ ...JOB, uid: "u-1" }), expected);
      assert.deepEqual((body as { preconditions: unknown }).preconditions, { uid: "u-1" });
    });
  }
});
