import assert from "node:assert/strict";
import { failure } from "#core/failure.ts";
import type { Observation } from "#kube/classify.ts";
import type { PodEvent } from "#kube/kube.ts";
import { explainStartTimeout, StartEvents } from "../../../services/worker/start-events.ts";
import { podWith } from "../../fixtures/pods/fixtures.ts";
import { until } from "../../support/until.ts";

const warning = (reason: string, message: string): PodEvent => ({
  type: "Warning",
  reason,
  message,
  count: 1,
  lastAt: undefined,
  container: undefined,
});
const normal = (reason: string): PodEvent => ({ ...warning(reason, ""), type: "Normal" });
const NO_SECRET = warning("FailedMount", 'MountVolume.SetUp failed for volume "v" : secret "s" not found');

const starting = (code: string, message = "", sinceAt = 1): Observation => ({
  state: "starting",
  code,
  message,
  sinceAt,
  pod: { namespace: "ns", name: "p", uid: "u" },
});
const RUNNING: Observation = { ...starting("Running"), state: "running" };

/** Events that answer as often as they are asked for. */
function scripted(answer: () => PodEvent[]) {
  const seen = { asked: 0, told: [] as string[], errors: 0 };
  const events = new StartEvents({
    kube: {
      async listEvents() {
        seen.asked++;
        return answer();
      },
    },
    namespace: "ns",
    name: "p",
    everyMs: 1,
    onWarning: ({ reason }) => seen.told.push(reason),
    onError: () => seen.errors++,
  });
  return { events, seen };
}

describe("the events of a pod that does not start", () => {
  it("are asked for again and again, and each warning is told once", async () => {
    const { events, seen } = scripted(() => [normal("Scheduled"), NO_SECRET]);
    events.see(starting("ContainerCreating"));
    await until(() => seen.asked >= 3);
    events.close();
    assert.deepEqual(seen.told, ["FailedMount"]);
  });

  it("are not asked for when the pod explains itself, runs, or has come further", async () => {
    const quiet = scripted(() => [NO_SECRET]);
    quiet.events.see(starting("ErrImagePull", "no such image"));
    quiet.events.see(starting("ContainerCreating"));
    quiet.events.see(RUNNING);
    const other = scripted(() => []);
    other.events.see(starting("ContainerCreating"));
    await until(() => other.seen.asked >= 3);
    other.events.close();
    assert.equal(quiet.seen.asked, 0);
  });

  it("never tell what a probe or a hook printed", async () => {
    const secret = ["Unhealthy", "FailedPostStartHook", "FailedPreStopHook"].map(reason => warning(reason, "password=hunter2"));
    const { events } = scripted(() => [NO_SECRET, ...secret]);
    assert.deepEqual(await events.warnings(), [NO_SECRET]);
  });

  it("do no harm when they cannot be had", async () => {
    const { events, seen } = scripted(() => {
      throw new Error("away");
    });
    assert.deepEqual(await events.warnings(), []);
    assert.equal(seen.errors, 1);
  });
});

describe("explainStartTimeout", () => {
  const overdue = failure("StartTimeout", { values: { reason: "ContainerCreating" } });
  const pod = podWith({ phase: "Pending" });
  const mounted = podWith({ phase: "Pending", conditions: [{ type: "PodReadyToStartContainers", status: "True" }] });
  const noNetwork = warning("FailedCreatePodSandBox", "no network");
  const slow = warning("FailedMount", "timed out waiting for the condition");
  const table = [
    { what: "nothing is known", pod, warnings: [], code: "StartTimeout", blame: "infra", evidence: undefined },
    {
      what: "a secret is missing",
      pod,
      warnings: [NO_SECRET],
      code: "VolumeMissing",
      blame: "config",
      evidence: /^FailedMount: .*"s" not found$/,
    },
    {
      what: "a secret was missing for a while",
      pod: mounted,
      warnings: [NO_SECRET, noNetwork],
      code: "StartTimeout",
      blame: "infra",
      evidence: /no network/,
    },
    {
      what: "a key of a secret is missing",
      pod,
      warnings: [warning("FailedMount", "references non-existent secret key: k"), slow],
      code: "VolumeMissing",
      blame: "config",
      evidence: /key: k/,
    },
    { what: "a volume is slow", pod, warnings: [slow], code: "StartTimeout", blame: "infra", evidence: /timed out/ },
  ];
  for (const { what, pod: last, warnings, code, blame, evidence } of table) {
    it(`${what} → ${code}`, () => {
      const outcome = explainStartTimeout(overdue, last, warnings);
      assert.deepEqual([outcome.code, outcome.blame], [code, blame]);
      if (evidence === undefined) assert.equal(outcome.evidence, undefined);
      else assert.match(outcome.evidence!, evidence);
    });
  }
});
