import assert from "node:assert/strict";
import { podName } from "#core/ids.ts";
import type { Run } from "#core/run.ts";
import { type ServiceProcess, shell } from "../../support/fleet.ts";
import { openGate } from "../../support/gate.ts";
import { sharedFleet } from "../../support/shared-fleet.ts";
import { until } from "../../support/until.ts";

describe("a pod in trouble", () => {
  let worker: ServiceProcess;
  const shared = sharedFleet(async fleet => {
    await fleet.scheduler();
    worker = await fleet.worker({ WINDLASS_INFRA_DELAY_MS: "50" });
  });

  const tries = async (run: Run) =>
    (await shared.fleet.state.runs.listTries(run.id)).map(
      ({ try: number, infra, state, outcome }) => `${number}.${infra} ${state} ${outcome.code} ${outcome.blame}`,
    );
  const podOf = (run: string, taskId: string, tryNumber = 1, infra = 0): string =>
    podName({ dagId: run.split("~")[0]!, runId: run, taskId, try: tryNumber, infra });
  const exists = async (name: string) => (await shared.fleet.kube.getPod("default", name)) !== undefined;

  it("that runs longer than its timeout is deleted, and the try fails", async () => {
    const { fleet } = shared;
    const run = await fleet.start({ id: "timeout", tasks: [shell("slow", "exec sleep 600", { timeoutMs: 100 })] });
    const ended = await fleet.ended(run);
    assert.equal(ended.state, "failed");
    assert.deepEqual(await tries(ended), ["1.0 failed Timeout user"]);
    await until(async () => !(await exists(podOf(run, "slow"))), { what: "the pod's end" });
  });

  it("that cannot pull its image fails at once where there is no patience, and says so in its log", async () => {
    const { fleet } = shared;
    const pod = { image: "windlass.invalid/nowhere:1" };
    const run = await fleet.start({ id: "image", tasks: [{ id: "pull", operator: "pod", pod }] });
    const ended = await fleet.ended(run);
    assert.deepEqual(await tries(ended), ["1.0 failed ErrImagePull config"]);
    await until(async () => !(await exists(podOf(run, "pull"))), { what: "the pod's end" });
    const told = async () =>
      /^ErrImagePull: [\s\S]*evidence: .*windlass\.invalid\/nowhere/m.test(
        await fleet.logText({ runId: run, taskId: "pull", try: 1 }),
      );
    await until(told, { what: "the reason in the log" });
  });

  const losses: readonly (readonly [how: string, code: string, lose: (name: string) => Promise<void>])[] = [
    [
      "deleted by a stranger",
      "PodDeleted policy",
      async name => {
        const { kube } = shared.fleet;
        await kube.deletePod("default", name, { uid: (await kube.getPod("default", name))!.metadata.uid });
      },
    ],
    ["that vanishes without a trace", "PodVanished infra", async name => shared.cluster.faults.node.vanish("default", name)],
    ["evicted by its node", "Disrupted infra", async name => shared.cluster.faults.node.evict("default", name)],
  ];
  for (const [how, code, lose] of losses) {
    it(`${how} is started again as the same try, and no retry is used up`, async () => {
      const { fleet } = shared;
      const gate = openGate();
      const run = await fleet.start({ id: "lost", tasks: [shell("held", `${gate.wait}; true`, { retry: { retries: 0 } })] });
      const name = podOf(run, "held");
      await until(async () => (await fleet.kube.getPod("default", name))?.status.phase === "Running", { what: "a running pod" });
      await lose(name);
      await until(async () => (await fleet.state.runs.getRun(run))?.tasks.get("held")?.infra === 1, { what: "the restart" });
      gate.open();
      const ended = await fleet.ended(run);
      assert.deepEqual(await tries(ended), [`1.0 restarting ${code}`, "1.1 success Completed none"]);
      const { state, try: tryNumber, infra } = ended.tasks.get("held")!;
      assert.deepEqual([state, tryNumber, infra], ["success", 1, 1]);
      for (const pod of [name, podOf(run, "held", 1, 1)]) assert.equal(fleet.podsSeen().get(pod)?.size, 1, pod);
    });
  }

  it("whose name a stranger's pod bears fails the task with both names, and leaves the stranger alone", async () => {
    const { fleet, cluster } = shared;
    const gate = openGate();
    const retry = { retries: 2, delayMs: 0 };
    const run = await fleet.start({
      id: "taken",
      tasks: [shell("first", `${gate.wait}; true`), shell("second", "true", { upstream: ["first"], retry })],
    });
    const name = podOf(run, "second");
    const created = await fetch(`${cluster.url}/api/v1/namespaces/default/pods`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        metadata: { name },
        spec: { containers: [{ name: "main", image: "busybox:1.36", command: ["sleep", "600"] }] },
      }),
    });
    assert.equal(created.status, 201);
    const { uid } = ((await created.json()) as { metadata: { uid: string } }).metadata;
    gate.open();
    const ended = await fleet.ended(run);
    const { outcome, try: tryNumber } = ended.tasks.get("second")!;
    assert.deepEqual([outcome?.code, outcome?.blame, tryNumber], ["WL_POD_NAME_TAKEN", "config", 1]);
    assert.match(outcome!.message, new RegExp(`pod default/${name} .*belongs to nobody Windlass knows`));
    const stranger = await fleet.kube.getPod("default", name);
    assert.deepEqual([stranger?.metadata.uid, stranger?.metadata.deletionTimestamp], [uid, undefined]);
  });

  it("is told to go once, also when its try ended because of that", async () => {
    const { fleet, cluster } = shared;
    const pod = { image: "windlass.invalid/nowhere:2" };
    const run = await fleet.start({ id: "once", tasks: [{ id: "pull", operator: "pod", pod }] });
    await fleet.ended(run);
    // A worker that leaves first does what was left to do.
    await worker.signal("SIGTERM");
    assert.equal(cluster.stats.requests.count({ resource: "pods", verb: "delete", name: podOf(run, "pull") }), 1);
  });
});
