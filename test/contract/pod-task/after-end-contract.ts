import assert from "node:assert/strict";
import { DagSpec } from "#core/dag-spec.ts";
import { runId as runIdOf } from "#core/ids.ts";
import { INSTANCE_LABEL, renderPod } from "#kube/manifest.ts";
import { type Pod, terminatedState } from "#kube/pod.ts";
import { podRequestOf } from "#kube/pod-request.ts";
import { openFileLogStore } from "#logstore/file-log-store.ts";
import { type Fleet, shell } from "../../support/fleet.ts";
import type { TestCluster } from "../../support/test-cluster.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";

/** The janitor comes round quickly, and presumes at once that nobody else does its work. */
const QUICK = { WINDLASS_SWEEP_MS: "200", WINDLASS_SWEEP_PATIENCE_MS: "0" };

async function podsOf(fleet: Fleet): Promise<Map<string, Pod>> {
  const { pods } = await fleet.kube.listPods(fleet.namespace, { labelSelector: `${INSTANCE_LABEL}=${fleet.instance}` });
  return new Map(pods.map(pod => [pod.metadata.labels!["windlass.dev/task"]!, pod]));
}

/** Waits until exactly these tasks' pods are left. */
const left = (fleet: Fleet, ...tasks: string[]): Promise<unknown> =>
  until(async () => [...(await podsOf(fleet)).keys()].sort().join() === tasks.sort().join(), {
    deadlineMs: 30_000,
    what: `only the pods of ${tasks.join(", ") || "no task"} left`,
  });

/** What becomes of pods when their tries have ended, on every cluster. */
export function afterEndContract(name: string, open: () => Promise<TestCluster>): void {
  describe(`pods after their end on ${name}`, () => {
    it("go or stay as the task wishes", () =>
      withFleet(open, async fleet => {
        await Promise.all([fleet.scheduler(), fleet.worker(QUICK)]);
        const run = await fleet.start({
          id: "retention",
          tasks: [
            shell("default-ok", "true"),
            shell("default-failed", "exit 1"),
            shell("keep", "true", { onFinish: "keep" }),
            shell("a-while", "true", { keepForMs: 4_000 }),
            shell("only-failed-ok", "true", { onFinish: "deleteSucceeded" }),
            shell("only-failed", "exit 1", { onFinish: "deleteSucceeded" }),
          ],
        });
        await fleet.ended(run, 60_000);
        await left(fleet, "keep", "a-while", "only-failed");
        await left(fleet, "keep", "only-failed");
      }));

    it("go on after a cancel when the task wishes it, to their end and the end of their log", () =>
      withFleet(open, async fleet => {
        await Promise.all([fleet.scheduler(), fleet.worker(QUICK)]);
        const run = await fleet.start({
          id: "kill",
          tasks: [
            shell("goes-on", "echo begun; sleep 5; echo done", { onKill: "keep" }),
            shell("stops", "echo begun; exec sleep 600"),
          ],
        });
        const logs = openFileLogStore({ dir: fleet.logsDir });
        const hasBegun = async () =>
          (await Promise.all(["goes-on", "stops"].map(id => logs.list(run, id)))).every(list => list.length > 0);
        await until(hasBegun, { deadlineMs: 30_000, what: "both logs" });
        await fleet.state.runs.requestCancel(run, { at: Date.now(), by: "test" });
        const ended = await fleet.ended(run, 30_000);
        assert.deepEqual(
          [...ended.tasks.values()].map(({ state }) => state),
          ["cancelled", "cancelled"],
        );
        const pod = (await podsOf(fleet)).get("goes-on");
        assert.equal(pod?.metadata.deletionTimestamp, undefined, "the pod was left alone");
        await left(fleet);
        const reading = await logs.read({ runId: run, taskId: "goes-on", try: 1 });
        let text = "";
        for await (const chunk of reading!.chunks) text += chunk.toString();
        assert.match(text, /begun[\s\S]*done/);
      }));

    it("are stopped when they still run although their try is over in the record", () =>
      withFleet(open, async fleet => {
        await fleet.scheduler();
        const first = await fleet.worker(QUICK);
        const run = await fleet.start({ id: "orphan", tasks: [shell("lost", "exec sleep 600"), shell("held", "sleep 8")] });
        await until(async () => (await podsOf(fleet)).size === 2, { deadlineMs: 20_000, what: "both pods" });
        await first.signal("SIGKILL");
        // Somebody has set the record by hand while nobody was there to stop the pod.
        const { gen, try: tryNumber, epoch, ...task } = await fleet.taskIn(run, "lost", "running");
        const next = { ...task, gen, try: tryNumber, epoch, state: "failed" as const, endedAt: Date.now() };
        assert.ok(
          await fleet.state.claims.finish({ runId: run, taskId: "lost", gen, try: tryNumber, epoch, next, at: Date.now() }),
        );
        await fleet.worker({ ...QUICK, WINDLASS_LOCK_MS: "2000", WINDLASS_STALLED_MS: "500" });
        await until(async () => !(await podsOf(fleet)).has("lost"), { deadlineMs: 30_000, what: "the end of the orphan" });
        assert.ok((await podsOf(fleet)).has("held"), "a pod whose try is under way is left alone");
      }));

    it("are left alone when their run is unknown, and nothing is written for them; only their own keepFor still counts", () =>
      withFleet(open, async fleet => {
        const runId = runIdOf("forgotten", "1");
        const settings = { defaultNamespace: fleet.namespace, instance: fleet.instance };
        const tasks = [shell("runs", "exec sleep 600"), shell("ended", "true"), shell("kept", "true", { keepForMs: 1_000 })];
        for (const task of DagSpec.parse({ id: "forgotten", tasks }).tasks) {
          assert.ok(task.operator === "pod");
          const key = { dagId: "forgotten", runId, taskId: task.id, try: 1, infra: 0 };
          await fleet.kube.createPod(fleet.namespace, renderPod(podRequestOf(task, undefined, key, settings)));
        }
        const haveEnded = async () => {
          const pods = await podsOf(fleet);
          return ["ended", "kept"].every(id => terminatedState(pods.get(id)!) !== undefined);
        };
        await until(haveEnded, { deadlineMs: 30_000, what: "the end of two pods" });
        await Promise.all([fleet.scheduler(), fleet.worker(QUICK)]);
        // Whoever deletes these has seen the others.
        const run = await fleet.start({ id: "known", tasks: [shell("a-while", "true", { keepForMs: 2_000 })] });
        await fleet.ended(run, 60_000);
        await left(fleet, "runs", "ended");
        const logs = openFileLogStore({ dir: fleet.logsDir });
        for (const { id } of tasks) assert.deepEqual(await logs.list(runId, id), [], id);
      }));

    it("leave their timeline: when they were created, scheduled, started, ended, where, and from which image", () =>
      withFleet(open, async fleet => {
        await Promise.all([fleet.scheduler(), fleet.worker()]);
        const slow = shell("slow", "sleep 1");
        assert.ok(slow.operator === "pod");
        const wait = { name: "wait", image: "busybox:1.36", command: ["sleep", "7"] };
        const run = await fleet.start({
          id: "timeline",
          tasks: [shell("one", "sleep 1"), shell("two", "exit 4"), { ...slow, pod: { ...slow.pod, initContainers: [wait] } }],
        });
        await fleet.ended(run, 60_000);
        const tries = await fleet.state.runs.listTries(run);
        for (const { taskId, pod, timeline = {} } of tries) {
          const { createdAt, scheduledAt, startedAt, endedAt } = timeline;
          const steps = [createdAt, scheduledAt, startedAt, endedAt];
          assert.ok(
            steps.every(step => step !== undefined),
            `${taskId}: ${JSON.stringify(timeline)}`,
          );
          assert.deepEqual(steps, steps.toSorted(), "in their order");
          assert.ok(pod?.node, "the node");
          assert.ok(timeline.imageId, "the image");
          // Only of a slow start is it asked when the image was there.
          const { pulledAt = 0 } = timeline;
          assert.equal(pulledAt > 0, taskId === "slow");
          if (pulledAt > 0) assert.ok(pulledAt > createdAt! && pulledAt <= startedAt!);
        }
        assert.deepEqual(tries.map(({ taskId, timeline }) => `${taskId} ${timeline?.reason}`).sort(), [
          "one Completed",
          "slow Completed",
          "two Error",
        ]);
      }));
  });
}
