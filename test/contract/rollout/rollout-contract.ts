import assert from "node:assert/strict";
import { podName } from "#core/ids.ts";
import type { Run, TaskRun } from "#core/run.ts";
import type { Fleet, ServiceProcess } from "../../support/fleet.ts";
import { until } from "../../support/until.ts";
import { withFleet } from "../../support/with-fleet.ts";
import { assertNumbered, marksOf, storedLines, wordsOf } from "../logs/stored-log.ts";
import type { CrowdedCluster } from "./crowd.ts";

const TALKERS = ["talker-0", "talker-1", "talker-2"];
const WORKERS = ["w-one", "w-two", "w-three"];
/** A lock short enough for a test, and long enough for three busy workers on a small machine to keep theirs. */
const SHORT_LOCK = { WINDLASS_LOCK_MS: "5000", WINDLASS_STALLED_MS: "1000" };

/** One run whose tasks all have a running pod. */
class Crowd {
  readonly #fleet: Fleet;
  readonly #cluster: CrowdedCluster;
  readonly run: string;

  private constructor(fleet: Fleet, cluster: CrowdedCluster, run: string) {
    this.#fleet = fleet;
    this.#cluster = cluster;
    this.run = run;
  }

  static async gather(fleet: Fleet, cluster: CrowdedCluster): Promise<Crowd> {
    const quiet = Array.from({ length: cluster.quietCount }, (_, i) => cluster.quiet(`quiet-${i}`));
    const tasks = [...quiet, ...TALKERS.map(id => cluster.talker(id))];
    const crowd = new Crowd(fleet, cluster, await fleet.start({ id: "crowd", tasks }));
    await until(() => fleet.podsSeen().size === tasks.length, { deadlineMs: 60_000, what: `${tasks.length} pods` });
    await crowd.held(() => true);
    return crowd;
  }

  /** Waits until every task is running and its claim fits. */
  async held(fits: (task: TaskRun) => boolean): Promise<void> {
    const allFit = async () => {
      const { tasks } = (await this.#fleet.state.runs.getRun(this.run))!;
      return [...tasks.values()].every(task => task.state === "running" && fits(task));
    };
    await until(allFit, { deadlineMs: 60_000, what: "a living holder of every task" });
  }

  /** How many tasks the worker holds. */
  async countOf(worker: string): Promise<number> {
    const { tasks } = (await this.#fleet.state.runs.getRun(this.run))!;
    return [...tasks.values()].filter(task => isHeldBy(task, worker)).length;
  }

  /** Waits until the talkers have said more than they have by now. */
  async talksOn(): Promise<void> {
    const saidBy = async (taskId: string) => (await this.#fleet.logText({ runId: this.run, taskId, try: 1 })).length;
    for (const taskId of TALKERS) {
      const before = await saidBy(taskId);
      await until(async () => (await saidBy(taskId)) > before, { deadlineMs: 20_000, what: `more words of ${taskId}` });
    }
  }

  async letGo(): Promise<Run> {
    const podOf = (taskId: string) => podName({ dagId: "crowd", runId: this.run, taskId, try: 1, infra: 0 });
    await this.#cluster.letGo(TALKERS.map(podOf));
    return this.#fleet.ended(this.run, 90_000);
  }

  /** Every task has succeeded in its first and only pod, which nobody stopped. */
  async assertUntouched({ state, tasks }: Run): Promise<void> {
    assert.equal(state, "success");
    for (const [id, task] of tasks) assert.deepEqual([id, task.state, task.try, task.infra], [id, "success", 1, 0]);
    const tries = await this.#fleet.state.runs.listTries(this.run);
    assert.equal(tries.length, tasks.size, "tries that ended");
    const seen = this.#fleet.podsSeen();
    assert.equal(seen.size, tasks.size, "pods that ever existed");
    for (const [name, uids] of seen) assert.equal(uids.size, 1, `pod ${name} existed ${uids.size} times`);
    assert.deepEqual([...this.#fleet.podsStopped()], [], "pods stopped before their end");
  }

  async assertContinuous(): Promise<void> {
    for (const taskId of TALKERS) {
      const lines = await storedLines(this.#fleet, this.run, taskId);
      const words = wordsOf(lines);
      const total = Number(/^total (\d+)$/.exec(words.at(-1) ?? "")?.[1]);
      assertNumbered(words.slice(0, -1), total);
      assert.deepEqual(marksOf(lines), []);
    }
  }
}

const isHeldBy = (task: TaskRun, worker: string): boolean => task.worker?.startsWith(`${worker}-`) ?? false;

async function startWorkers(fleet: Fleet, env: Record<string, string> = {}): Promise<Map<string, ServiceProcess>> {
  const workers = new Map<string, ServiceProcess>();
  for (const id of WORKERS) workers.set(id, await fleet.worker({ ...env, WINDLASS_WORKER_ID: id }));
  return workers;
}

/** What has to hold on every cluster when workers come and go under many running pods. */
export function rolloutContract(name: string, open: () => Promise<CrowdedCluster>): void {
  describe(`three workers with many running pods on ${name}`, () => {
    it("can be replaced twice: no task fails, no pod is added or stopped, no line of a log is lost or doubled", () =>
      withFleet(open, async (fleet, cluster) => {
        await fleet.scheduler();
        const workers = await startWorkers(fleet);
        const crowd = await Crowd.gather(fleet, cluster);
        for (let generation = 2; generation <= 3; generation++) {
          for (const id of WORKERS) {
            const old = workers.get(id)!;
            const suffix = `-${old.pid}`;
            await old.signal("SIGTERM");
            assert.equal(old.exitCode(), 0);
            workers.set(id, await fleet.worker({ WINDLASS_WORKER_ID: id }));
            await crowd.held(task => !task.worker!.endsWith(suffix));
          }
          await crowd.talksOn();
        }
        await crowd.assertUntouched(await crowd.letGo());
        await crowd.assertContinuous();
      })).timeout(240_000);

    it("can lose one and wait in vain for another: one pod a try, and who wakes up late is refused", () =>
      withFleet(open, async (fleet, cluster) => {
        await fleet.scheduler();
        const workers = await startWorkers(fleet, SHORT_LOCK);
        const crowd = await Crowd.gather(fleet, cluster);
        for (const id of WORKERS) assert.ok((await crowd.countOf(id)) > 0, `${id} holds something`);
        const [killed, paused] = [workers.get("w-one")!, workers.get("w-two")!];
        await killed.signal("SIGKILL");
        await crowd.held(task => !isHeldBy(task, "w-one"));
        await paused.signal("SIGSTOP");
        await crowd.held(task => isHeldBy(task, "w-three"));
        await paused.signal("SIGCONT");
        await crowd.talksOn();
        await crowd.assertUntouched(await crowd.letGo());
        await crowd.assertContinuous();
        assert.ok(paused.alive(), "who was refused goes on");
      })).timeout(240_000);
  });
}
