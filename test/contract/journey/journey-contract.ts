import assert from "node:assert/strict";
import { type Fleet, type ServiceProcess, shell } from "../../support/fleet.ts";
import type { TestCluster } from "../../support/test-cluster.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";

/** A lock short enough for a test: a dead worker's jobs are free after 2 to 3 seconds. */
const SHORT_LOCK = { WINDLASS_LOCK_MS: "2000", WINDLASS_STALLED_MS: "500" };

/** One pod per try, seen from outside. */
function assertPods(fleet: Fleet, count: number): void {
  const seen = fleet.podsSeen();
  assert.equal(seen.size, count, `pods seen: ${[...seen.keys()].join(", ")}`);
  for (const [name, uids] of seen) assert.equal(uids.size, 1, `pod ${name} existed ${uids.size} times`);
}

/** The worker that holds the task, and the other one. */
async function holderOf(workers: ReadonlyMap<string, ServiceProcess>, fleet: Fleet, run: string, taskId: string) {
  const held = await until(
    async () => {
      const task = await fleet.taskIn(run, taskId, "running");
      return fleet.podsSeen().size > 0 ? task : undefined;
    },
    { deadlineMs: 15_000, what: "a running pod" },
  );
  const [name] = [...workers.keys()].filter(id => held.worker?.startsWith(`${id}-`));
  assert.ok(name, `task is held by ${held.worker}`);
  return { name, holder: workers.get(name)! };
}

async function twoWorkers(fleet: Fleet, env: Record<string, string> = {}): Promise<Map<string, ServiceProcess>> {
  const names = ["w-one", "w-two"];
  const processes = await Promise.all(names.map(name => fleet.worker({ ...env, WINDLASS_WORKER_ID: name })));
  return new Map(names.map((name, i) => [name, processes[i]!]));
}

/** What has to hold on every cluster, whatever dies. */
export function journeyContract(name: string, open: () => Promise<TestCluster>): void {
  describe(`the journey of a task on ${name}`, () => {
    it("repeats a failed try in a new pod until it succeeds", () =>
      withFleet(open, async fleet => {
        await Promise.all([fleet.scheduler(), fleet.worker()]);
        const retry = { retries: 2, delayMs: 200 };
        const run = await fleet.start({
          id: "retries",
          tasks: [shell("third", '[ "$WINDLASS_TRY" = 3 ]', { retry }), shell("next", "true", { upstream: ["third"] })],
        });
        const ended = await fleet.ended(run, 60_000);
        assert.equal(ended.state, "success");
        const tries = (await fleet.state.runs.listTries(run)).filter(({ taskId }) => taskId === "third");
        assert.deepEqual(
          tries.map(({ outcome }) => `${outcome.code} ${outcome.exitCode}`),
          ["ExitCode 1", "ExitCode 1", "Completed 0"],
        );
        assertPods(fleet, 4);
      }));

    it("lets another worker adopt the pod of a worker that was killed", () =>
      withFleet(open, async fleet => {
        await fleet.scheduler();
        const workers = await twoWorkers(fleet, SHORT_LOCK);
        const run = await fleet.start({ id: "killed", tasks: [shell("long", "sleep 6; echo done")] });
        const { name, holder } = await holderOf(workers, fleet, run, "long");
        await holder.signal("SIGKILL");
        const ended = await fleet.ended(run, 60_000);
        const task = ended.tasks.get("long")!;
        assert.deepEqual([task.state, task.try, task.infra], ["success", 1, 0]);
        assert.ok(!task.worker!.startsWith(name), "the killed worker did not end the try");
        assertPods(fleet, 1);
      }));

    it("hands a job over when a worker is told to leave, without waiting for its lock", () =>
      withFleet(open, async fleet => {
        await fleet.scheduler();
        const workers = await twoWorkers(fleet);
        const run = await fleet.start({ id: "drained", tasks: [shell("long", "sleep 4; echo done")] });
        const { name, holder } = await holderOf(workers, fleet, run, "long");
        await holder.signal("SIGTERM");
        const ended = await fleet.ended(run, 30_000);
        const task = ended.tasks.get("long")!;
        // A closing worker may pick up one more job, which it hands back too: a claim more, not a try more.
        assert.deepEqual([task.state, task.try, task.epoch >= 2], ["success", 1, true]);
        assert.ok(!task.worker!.startsWith(name));
        assertPods(fleet, 1);
      }));

    it("refuses a worker that was paused past its lock and wakes up later", () =>
      withFleet(open, async fleet => {
        await fleet.scheduler();
        const workers = await twoWorkers(fleet, SHORT_LOCK);
        const run = await fleet.start({ id: "paused", tasks: [shell("long", "sleep 8; exit 3", { retry: { retries: 0 } })] });
        const { name, holder } = await holderOf(workers, fleet, run, "long");
        await holder.signal("SIGSTOP");
        const adopted = await until(async () => (await fleet.taskIn(run, "long", "running")).epoch > 1, {
          deadlineMs: 20_000,
          what: "the adoption",
        });
        assert.ok(adopted);
        await holder.signal("SIGCONT");
        const ended = await fleet.ended(run, 60_000);
        const task = ended.tasks.get("long")!;
        assert.deepEqual([task.state, task.outcome?.exitCode], ["failed", 3]);
        assert.ok(!task.worker!.startsWith(name), "the paused worker did not end the try");
        assert.equal((await fleet.state.runs.listTries(run)).length, 1);
        assertPods(fleet, 1);
      }));

    it("deletes the pod of a cancelled run and ends it cancelled, what follows with it", () =>
      withFleet(open, async fleet => {
        const workers = new Map([["w-one", await fleet.worker({ WINDLASS_WORKER_ID: "w-one" })]]);
        await fleet.scheduler();
        const run = await fleet.start({
          id: "cancelled",
          tasks: [
            shell("long", "exec sleep 600", { retry: { retries: 3, delayMs: 0 } }),
            shell("next", "true", { upstream: ["long"] }),
          ],
        });
        await holderOf(workers, fleet, run, "long");
        assert.equal(await fleet.state.runs.requestCancel(run, { at: Date.now(), by: "test" }), "requested");
        const ended = await fleet.ended(run, 60_000);
        const states = ["long", "next"].map(id => ended.tasks.get(id)!.state);
        assert.deepEqual([ended.state, ...states], ["cancelled", "cancelled", "cancelled"]);
        await until(
          async () =>
            (await fleet.kube.listPods(fleet.namespace, { labelSelector: `windlass.dev/instance=${fleet.instance}` })).pods
              .length === 0,
          { deadlineMs: 30_000, what: "the pod's end" },
        );
        assertPods(fleet, 1);
      }));

    it("goes on under the standby when the leading scheduler is killed", () =>
      withFleet(open, async fleet => {
        const first = await fleet.scheduler({ WINDLASS_LEASE_MS: "1000" });
        await fleet.worker();
        const run = await fleet.start({
          id: "leader",
          tasks: [shell("one", "sleep 2"), shell("two", "true", { upstream: ["one"] })],
        });
        await fleet.taskIn(run, "one", "running");
        await fleet.scheduler({ WINDLASS_LEASE_MS: "1000" });
        await first.signal("SIGKILL");
        assert.equal((await fleet.ended(run, 30_000)).state, "success");
        assertPods(fleet, 2);
      }));
  });
}
