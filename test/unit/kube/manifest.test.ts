import assert from "node:assert/strict";
import { WindlassError } from "#core/errors.ts";
import { PodSpec } from "#core/pod/pod-spec.ts";
import { type PodRequest, renderPod } from "#kube/manifest.ts";

const key = { dagId: "daily_sales", runId: "daily_sales~20260101T000000Z", taskId: "extract.orders", try: 2, infra: 0 };
const settings = { defaultNamespace: "tasks", instance: "prod", labels: { team: "data" } };
const render = (pod: Partial<PodSpec> = {}, rest: Partial<PodRequest> = {}) =>
  renderPod({ pod: PodSpec.parse({ image: "python:3.11-slim", ...pod }), key, settings, ...rest });

describe("renderPod", () => {
  it("renders the whole pod from a bare task", () => {
    const { "windlass.dev/spec-hash": hash, ...annotations } = render().metadata.annotations;
    assert.match(hash!, /^[0-9a-f]{64}$/);
    assert.deepEqual(annotations, {
      "windlass.dev/key":
        '{"dagId":"daily_sales","runId":"daily_sales~20260101T000000Z","taskId":"extract.orders","try":2,"infra":0}',
    });
    const { metadata, spec, ...rest } = render();
    assert.deepEqual(rest, { apiVersion: "v1", kind: "Pod" });
    assert.match(metadata.name, /^daily-sales-extract-orders-2-[a-z2-7]{10}$/);
    assert.equal(metadata.namespace, "tasks");
    assert.deepEqual(metadata.labels, {
      team: "data",
      "app.kubernetes.io/managed-by": "windlass",
      "windlass.dev/instance": "prod",
      "windlass.dev/dag": "daily_sales",
      "windlass.dev/run": metadata.labels["windlass.dev/run"],
      "windlass.dev/task": "extract.orders",
      "windlass.dev/try": "2",
      "windlass.dev/infra": "0",
    });
    assert.match(metadata.labels["windlass.dev/run"]!, /^daily_sales_20260101T000000Z-[a-z2-7]{10}$/);
    assert.deepEqual(spec, {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 30,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65_532,
        runAsGroup: 65_532,
        fsGroup: 65_532,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "main",
          image: "python:3.11-slim",
          env: [
            { name: "WINDLASS_DAG_ID", value: "daily_sales" },
            { name: "WINDLASS_RUN_ID", value: "daily_sales~20260101T000000Z" },
            { name: "WINDLASS_TASK_ID", value: "extract.orders" },
            { name: "WINDLASS_TRY", value: "2" },
            { name: "WINDLASS_RESULT_PATH", value: "/dev/termination-log" },
            { name: "WINDLASS_POD_UID", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } },
          ],
          resources: { requests: { cpu: "100m", memory: "128Mi" } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          terminationMessagePolicy: "FallbackToLogsOnError",
        },
      ],
    });
  });

  it("carries every field of the task over", () => {
    const { metadata, spec } = render({
      command: ["python"],
      args: ["-c", "print(1)"],
      env: { PLAIN: "1", PASSWORD: { secret: "db", key: "password", optional: true } },
      labels: { team: "web" },
      annotations: { note: "x" },
      namespace: "elsewhere",
      name: "Nice Name",
      nodeSelector: { disk: "ssd" },
      tolerations: [{ key: "gpu", operator: "Exists" }],
      serviceAccount: "reader",
      terminationGracePeriodSeconds: 5,
      resources: { requests: { cpu: "2" }, limits: { memory: "64Mi" } },
    });
    const [main] = spec.containers;
    assert.deepEqual([main!.command, main!.args], [["python"], ["-c", "print(1)"]]);
    assert.deepEqual(main!.env!.slice(0, 2), [
      { name: "PLAIN", value: "1" },
      { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password", optional: true } } },
    ]);
    // A default memory request would be larger than the limit.
    assert.deepEqual(main!.resources, { requests: { cpu: "2" }, limits: { memory: "64Mi" } });
    assert.deepEqual([metadata.labels.team, metadata.annotations.note, metadata.namespace], ["web", "x", "elsewhere"]);
    assert.match(metadata.name, /^nice-name-2-/);
    assert.deepEqual(
      [spec.nodeSelector, spec.tolerations, spec.serviceAccountName, spec.terminationGracePeriodSeconds],
      [{ disk: "ssd" }, [{ key: "gpu", operator: "Exists" }], "reader", 5],
    );
  });

  it("sets a deadline as a backstop behind the worker's own", () => {
    assert.equal(render({}, { timeoutMs: 90_500 }).spec.activeDeadlineSeconds, 91 + 1_200 + 60);
    assert.equal("activeDeadlineSeconds" in render().spec, false);
  });

  it("is pure, and its hash tells specs apart, not tries", () => {
    const hash = (...args: Parameters<typeof render>) => render(...args).metadata.annotations["windlass.dev/spec-hash"];
    assert.deepEqual(render(), render());
    assert.notEqual(hash(), hash({ args: ["x"] }));
    assert.notEqual(render().metadata.name, render({}, { key: { ...key, infra: 1 } }).metadata.name);
  });

  const FORBIDDEN: readonly [Partial<PodSpec>, string][] = [
    [{ labels: { "windlass.dev/dag": "x" } }, "/pod/labels/windlass.dev~1dag"],
    [{ labels: { "app.kubernetes.io/managed-by": "x" } }, "/pod/labels/app.kubernetes.io~1managed-by"],
    [{ annotations: { "windlass.dev/key": "x" } }, "/pod/annotations/windlass.dev~1key"],
    [{ env: { WINDLASS_TRY: "x" } }, "/pod/env/WINDLASS_TRY"],
  ];
  for (const [pod, pointer] of FORBIDDEN) {
    it(`refuses ${pointer}`, () => {
      assert.throws(
        () => render(pod),
        (error: unknown) =>
          error instanceof WindlassError && error.code === "WL_POD_PROTECTED" && error.place.pointer === pointer,
      );
    });
  }
});
