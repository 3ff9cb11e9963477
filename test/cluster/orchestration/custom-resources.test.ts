import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { DagSpecInput } from "#core/dag-spec.ts";
import { type Fleet, openFleet } from "../../support/fleet.ts";
import type { RealCluster } from "../../support/real-cluster.ts";
import { type TestRedis, testRedis } from "../../support/redis.ts";
import { openRestrictedCluster } from "../../support/restricted-cluster.ts";
import { until } from "../../support/until.ts";

const RIGHTS = readFileSync(join(import.meta.dirname, "../../../k8s/components/custom-resources/rights.yaml"), "utf8");
const QUICK = { WINDLASS_RESOURCE_EVERY_MS: "200", WINDLASS_LOCK_MS: "1000", WINDLASS_STALLED_MS: "500" };

describe("custom resources on a real cluster, with the worker's rights and those of the component", () => {
  const group = `t${randomBytes(4).toString("hex")}.windlass.dev`;
  let cluster: RealCluster;
  let redis: TestRedis;
  let fleet: Fleet;

  /** As the administrator. */
  const apply = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const child = execFile("kubectl", ["--namespace", cluster.namespace, "apply", "-f", "-"], error =>
        error ? reject(error) : resolve(),
      );
      child.stdin!.end(text);
    });
  const jobs = async (): Promise<{ metadata: { name: string; labels: Record<string, string> } }[]> => {
    const list = JSON.parse(await cluster.kubectl("get", `playjobs.${group}`, "-o", "json")) as { items: never[] };
    return list.items;
  };
  const only = () => until(async () => (await jobs())[0], { deadlineMs: 20_000, what: "the resource" });
  const setPhase = (name: string, phase: string) =>
    cluster.kubectl(
      "patch",
      `playjob.${group}`,
      name,
      "--subresource=status",
      "--type=merge",
      "-p",
      JSON.stringify({ status: { phase } }),
    );

  const dagOf = (id: string, more: object = {}): DagSpecInput => ({
    id,
    tasks: [
      {
        id: "play",
        operator: "resource",
        resource: {
          manifest: {
            apiVersion: `${group}/v1`,
            kind: "PlayJob",
            metadata: { labels: { team: "data" } },
            spec: { run: "{{ run.id }}" },
          },
          success: { path: "status.phase", in: ["Completed"] },
          failure: { path: "status.phase", in: ["Failed"] },
        },
        ...more,
      },
    ],
  });

  before(async function () {
    this.timeout(120_000);
    cluster = await openRestrictedCluster();
    await apply(definition(group));
    await cluster.kubectl("wait", "--for=condition=established", `crd/playjobs.${group}`, "--timeout=30s");
    redis = await testRedis();
    const { kubeconfig, namespace } = cluster;
    fleet = await openFleet({ redisUrl: redis.url, prefix: redis.prefix, kubeconfig, namespace });
    await fleet.scheduler();
  });
  after(async function () {
    this.timeout(60_000);
    await fleet?.close();
    await redis?.close();
    await cluster?.kubectl("delete", "crd", `playjobs.${group}`, "--wait=false");
    await cluster?.close();
  });

  it("without the component the task waits, and says which right is missing", async () => {
    const worker = await fleet.worker(QUICK);
    const run = await fleet.start(dagOf("forbidden"));
    await fleet.taskIn(run, "play", "restarting", 30_000);
    const note = (await fleet.state.runs.notes(run)).get("play");
    assert.equal(note?.code, "NotAllowed");
    await fleet.state.runs.requestCancel(run, { at: Date.now(), by: "test" });
    await fleet.ended(run, 30_000);
    await worker.signal("SIGTERM");
    await apply(RIGHTS.replace("sparkoperator.k8s.io", group).replace("sparkapplications", "playjobs"));
  });

  it("are made, looked at, deleted: success and failure follow the object's own status", async () => {
    const worker = await fleet.worker(QUICK);
    for (const [phase, state, code] of [
      ["Completed", "success", "Completed"],
      ["Failed", "failed", "ResourceFailed"],
    ] as const) {
      const run = await fleet.start(dagOf(`ends-${state}`));
      const { metadata } = await only();
      assert.deepEqual([metadata.labels.team, metadata.labels["windlass.dev/task"]], ["data", "play"]);
      await fleet.taskIn(run, "play", "deferred");
      await setPhase(metadata.name, "Running");
      await until(async () => (await fleet.state.runs.notes(run)).get("play")?.message === "status.phase is Running", {
        deadlineMs: 10_000,
        what: "the note",
      });
      await setPhase(metadata.name, phase);
      const { tasks } = await fleet.ended(run, 20_000);
      assert.deepEqual([tasks.get("play")!.state, tasks.get("play")!.outcome!.code, tasks.get("play")!.try], [state, code, 1]);
      await until(async () => (await jobs()).length === 0, { deadlineMs: 10_000, what: "the deletion" });
    }
    await worker.signal("SIGTERM");
  });

  it("survive their worker: the next one goes on with the same object", async () => {
    const first = await fleet.worker(QUICK);
    const run = await fleet.start(dagOf("survives"));
    const { metadata } = await only();
    await first.signal("SIGKILL");
    await setPhase(metadata.name, "Completed");
    const second = await fleet.worker(QUICK);
    const { state, tasks } = await fleet.ended(run, 20_000);
    assert.deepEqual([state, tasks.get("play")!.try, tasks.get("play")!.infra], ["success", 1, 0]);
    assert.equal(tasks.get("play")!.pod?.name, metadata.name);
    await until(async () => (await jobs()).length === 0, { deadlineMs: 10_000, what: "the deletion" });
    await second.signal("SIGTERM");
  });

  it("of a cancelled run are deleted", async () => {
    const worker = await fleet.worker({ ...QUICK, WINDLASS_SWEEP_MS: "300", WINDLASS_SWEEP_PATIENCE_MS: "0" });
    const run = await fleet.start(dagOf("cancelled"));
    await only();
    await fleet.taskIn(run, "play", "deferred");
    await fleet.state.runs.requestCancel(run, { at: Date.now(), by: "test" });
    assert.equal((await fleet.ended(run, 20_000)).state, "cancelled");
    await until(async () => (await jobs()).length === 0, { deadlineMs: 10_000, what: "the deletion" });
    await worker.signal("SIGTERM");
  });

  it("whose try is over and whose worker did not come to it are swept", async () => {
    const worker = await fleet.worker({ ...QUICK, WINDLASS_SWEEP_MS: "300", WINDLASS_SWEEP_PATIENCE_MS: "0" });
    const run = await fleet.start(dagOf("swept"));
    const { metadata } = await only();
    await fleet.taskIn(run, "play", "deferred");
    await setPhase(metadata.name, "Completed");
    await fleet.ended(run, 20_000);
    await until(async () => (await jobs()).length === 0, { deadlineMs: 10_000, what: "the deletion" });
    // As if the worker had died right after it recorded the outcome.
    await apply(JSON.stringify({ apiVersion: `${group}/v1`, kind: "PlayJob", metadata: { name: metadata.name }, spec: { run } }));
    const left = JSON.parse(await cluster.kubectl("get", `playjob.${group}`, metadata.name, "-o", "json")) as {
      metadata: { uid: string };
    };
    await fleet.state.resources.note({
      runId: run,
      taskId: "play",
      try: 1,
      infra: 0,
      apiVersion: `${group}/v1`,
      kind: "PlayJob",
      namespace: cluster.namespace,
      name: metadata.name,
      uid: left.metadata.uid,
    });
    await until(async () => (await jobs()).length === 0, { deadlineMs: 10_000, what: "the sweep" });
    assert.deepEqual(await fleet.state.resources.all(), []);
    await worker.signal("SIGTERM");
  });

  it("that the API server refuses fail the task with its own words", async () => {
    const worker = await fleet.worker(QUICK);
    const wrong = dagOf("refused");
    const [task] = wrong.tasks;
    if (task?.operator === "resource") task.resource.manifest.spec = { run: 7 };
    const { state, tasks } = await fleet.ended(await fleet.start(wrong), 20_000);
    assert.deepEqual([state, tasks.get("play")!.outcome!.code], ["failed", "Invalid"]);
    assert.match(tasks.get("play")!.outcome!.evidence!, /spec\.run/);
    await worker.signal("SIGTERM");
  });
});

const definition = (group: string): string =>
  JSON.stringify({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `playjobs.${group}` },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural: "playjobs", singular: "playjob", kind: "PlayJob" },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: {
              type: "object",
              properties: {
                spec: { type: "object", properties: { run: { type: "string" } } },
                status: { type: "object", properties: { phase: { type: "string" } } },
              },
            },
          },
        },
      ],
    },
  });
