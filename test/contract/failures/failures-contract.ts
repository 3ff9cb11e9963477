import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { DagSpec } from "#core/dag-spec.ts";
import { adviceFor } from "#core/failure.ts";
import { contentHash } from "#core/hash.ts";
import { podName, runId } from "#core/ids.ts";
import type { Run } from "#core/run.ts";
import type { TaskSpecInput } from "#core/task-spec.ts";
import { KEY_ANNOTATION } from "#kube/manifest.ts";
import type { Pod } from "#kube/pod.ts";
import { type ClusterHands, handsFor } from "../../support/cluster-hands.ts";
import { type Fleet, openFleet } from "../../support/fleet.ts";
import { testRedis } from "../../support/redis.ts";
import type { TestCluster } from "../../support/test-cluster.ts";
import { until } from "../../support/until.ts";
import { type CaseTools, type FailureCase, taskOfCase } from "./failure-case.ts";
import { FAILURE_CASES } from "./failure-cases.ts";

/** Patience short enough for a test; what is patient by default is tested in units. */
const IMPATIENT = {
  WINDLASS_CONFIG_GRACE_MS: "4000",
  WINDLASS_EVENTS_EVERY_MS: "1000",
  WINDLASS_INFRA_DELAY_MS: "100",
};
const DEADLINE_MS = 90_000;

interface Ended {
  run: Run;
  id: string;
}

/** A container that PodSecurity accepts everywhere. */
const HARMLESS = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  runAsUser: 65_532,
  seccompProfile: { type: "RuntimeDefault" },
};

/**
 * Each failure ends with its code and the right budget. The cases share a fleet and run all at once.
 * @param extra cases that only this cluster can produce
 * @param common those that every cluster can produce
 */
export function failuresContract<C extends TestCluster>(
  name: string,
  open: () => Promise<C>,
  extra: (cluster: () => C) => readonly FailureCase[],
  common: readonly FailureCase[] = FAILURE_CASES,
): void {
  describe(`failures on ${name}`, () => {
    const stack = new AsyncDisposableStack();
    let cluster: C;
    let fleet: Fleet;
    let hands: ClusterHands;
    const cases = [...common, ...extra(() => cluster)];
    const ends = new Map<FailureCase, Promise<Ended>>();

    before(async function () {
      this.timeout(60_000);
      cluster = stack.adopt(await open(), opened => opened.close());
      const redis = stack.adopt(await testRedis(), opened => opened.close());
      const { kubeconfig, namespace } = cluster;
      fleet = stack.adopt(await openFleet({ redisUrl: redis.url, prefix: redis.prefix, kubeconfig, namespace }), opened =>
        opened.close(),
      );
      hands = handsFor(cluster);
      await Promise.all([fleet.scheduler(), fleet.worker(IMPATIENT)]);
      for (const one of cases) {
        const end = runCase(one, fleet, hands);
        end.catch(() => undefined); // told by the case's own test
        ends.set(one, end);
      }
    });
    after(() => stack.disposeAsync());

    for (const one of cases) {
      it(`${one.expect.code}: ${one.what}`, async () => assertEnd(one, await ends.get(one)!, fleet)).timeout(
        DEADLINE_MS + 10_000,
      );
    }

    it("WL_POD_NAME_TAKEN: a stranger's pod under our name is left alone, and the task fails loudly", async () => {
      const spec = DagSpec.parse({ id: "stranger", tasks: [taskOfCase({ retry: { retries: 3, delayMs: 0 } })] });
      const [id, version] = [runId(spec.id, randomBytes(3).toString("hex")), contentHash(spec)];
      const name = podName({ dagId: spec.id, runId: id, taskId: "task", try: 1, infra: 0 });
      const containers = [{ name: "main", image: "busybox:1.36", command: ["sleep", "600"], securityContext: HARMLESS }];
      const metadata = { name, namespace: fleet.namespace, annotations: { [KEY_ANNOTATION]: "another installation's" } };
      await hands.create({ apiVersion: "v1", kind: "Pod", metadata, spec: { containers, terminationGracePeriodSeconds: 0 } });
      await fleet.state.dags.putSpec(version, spec);
      await fleet.state.runs.createRun({
        id,
        dagId: spec.id,
        version,
        trigger: { kind: "manual" },
        conf: {},
        createdAt: Date.now(),
      });
      const task = (await fleet.ended(id, DEADLINE_MS)).tasks.get("task")!;
      assert.deepEqual(
        [task.state, task.try, task.outcome?.code, task.outcome?.blame],
        ["failed", 1, "WL_POD_NAME_TAKEN", "config"],
      );
      const stranger = await fleet.kube.getPod(fleet.namespace, name);
      assert.ok(stranger !== undefined && stranger.metadata.deletionTimestamp === undefined, "the stranger's pod is untouched");
      await fleet.kube.deletePod(fleet.namespace, name, { uid: stranger.metadata.uid, graceSeconds: 0 });
    }).timeout(DEADLINE_MS + 10_000);
  });
}

async function runCase(one: FailureCase, fleet: Fleet, hands: ClusterHands): Promise<Ended> {
  const id = `case-${randomBytes(3).toString("hex")}`;
  const namespace = one.objects === undefined && one.labels === undefined ? fleet.namespace : `windlass-t-${id}`;
  if (namespace !== fleet.namespace) {
    await hands.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: one.labels ?? {} } });
    for (const object of one.objects?.(namespace) ?? []) await hands.create(object);
  }
  try {
    const { pod, ...rest } = one.task;
    const place = namespace === fleet.namespace ? {} : { namespace };
    const follower: TaskSpecInput = { id: "after", operator: "noop", upstream: ["task"] };
    const tasks = [taskOfCase({ ...rest, pod: { ...place, ...pod } }), follower];
    const run = await fleet.start({ id, tasks });
    const tools = toolsFor(run, id, namespace, fleet, hands);
    // A case whose run has ended has nothing left to do for it.
    const [ended] = await Promise.all([fleet.ended(run, DEADLINE_MS), one.meanwhile?.(tools)]);
    return { run: ended, id };
  } finally {
    if (namespace !== fleet.namespace) await hands.deleteNamespace(namespace);
  }
}

function toolsFor(run: string, dagId: string, namespace: string, fleet: Fleet, hands: ClusterHands): CaseTools {
  const mainRuns = (pod: Pod | undefined) =>
    pod?.status.containerStatuses?.some(({ name, state }) => name === "main" && state?.running);
  const nameOf = (infra: number) => podName({ dagId, runId: run, taskId: "task", try: 1, infra });
  return {
    fleet,
    hands,
    run,
    namespace,
    runningPod() {
      const name = nameOf(0);
      const found = async () => {
        const pod = await fleet.kube.getPod(namespace, name);
        return mainRuns(pod) ? pod : undefined;
      };
      return until(found, { deadlineMs: 60_000, what: `pod ${name} running` });
    },
    async successor() {
      const name = nameOf(1);
      await until(() => fleet.podsSeen().has(name), { deadlineMs: 60_000, what: `pod ${name}` });
      return name;
    },
    noted(code) {
      const found = async () => {
        const note = (await fleet.state.runs.notes(run)).get("task");
        return note?.code === code ? String(note.message) : undefined;
      };
      return until(found, { deadlineMs: 60_000, what: `a note with code ${code}` });
    },
  };
}

async function assertEnd({ expect }: FailureCase, { run, id }: Ended, fleet: Fleet): Promise<void> {
  const task = run.tasks.get("task")!;
  const { outcome } = task;
  assert.ok(outcome, "an outcome is recorded");
  const { state, code, blame } = expect;
  assert.deepEqual(
    { state: task.state, code: outcome.code, blame: outcome.blame, try: task.try, infra: task.infra },
    { state, code, blame, try: expect.try ?? 1, infra: expect.infra ?? 0 },
    JSON.stringify(outcome),
  );
  if (expect.evidence !== undefined) assert.match(outcome.evidence ?? "", expect.evidence);
  if (expect.message !== undefined) assert.match(outcome.message, expect.message);
  assert.equal(adviceFor(outcome) !== undefined, state === "failed", "a failure says what to do");
  const follower = { failed: "upstream_failed", skipped: "skipped", success: "success" }[state as string];
  assert.equal(run.tasks.get("after")!.state, follower);
  // One pod per try and restart, at most: those that never were have none.
  const pods = [...fleet.podsSeen()].filter(([name]) => name.startsWith(`${id}-`));
  const tries = await fleet.state.runs.listTries(run.id);
  if (expect.first !== undefined) assert.equal(tries.find(({ taskId }) => taskId === "task")?.outcome.code, expect.first);
  assert.ok(pods.length <= tries.filter(({ taskId }) => taskId === "task").length, pods.join(" "));
  for (const [name, uids] of pods) assert.equal(uids.size, 1, `pod ${name} existed ${uids.size} times`);
}
