import assert from "node:assert/strict";
import { mock } from "node:test";
import type { Observation } from "#kube/classify.ts";
import { PhaseReport } from "../../../services/worker/phase-report.ts";
import type { TryPhase } from "../../../services/worker/run-job.ts";

const POD = { namespace: "ns", name: "p", uid: "u" };
const seen = (state: Observation["state"], code: string, message = ""): Observation => ({ state, code, message, pod: POD });

describe("PhaseReport", () => {
  let told: TryPhase[];
  let report: PhaseReport;

  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    told = [];
    report = new PhaseReport({ phase: phase => told.push(phase) });
  });
  afterEach(() => mock.timers.reset());

  it("tells a phase that lasts, with Kubernetes' word and sentence", () => {
    report.see(seen("starting", "Unschedulable", "0/3 nodes are available"));
    mock.timers.tick(250);
    assert.deepEqual(told, [{ phase: "starting", code: "Unschedulable", message: "0/3 nodes are available", pod: POD }]);
  });

  it("keeps quiet about phases that a pod only passes through", () => {
    for (const code of ["Pending", "ContainerCreating", "Running"]) {
      report.see(seen(code === "Running" ? "running" : "starting", code));
      mock.timers.tick(249);
    }
    assert.deepEqual(told, []);
    mock.timers.tick(1);
    assert.deepEqual(told, [{ phase: "running", code: "Running", pod: POD }]);
  });

  it("tells a phase once, however often it is seen, and is not put off by that", () => {
    for (let i = 0; i < 5; i++) {
      report.see(seen("running", "Running"));
      mock.timers.tick(100);
    }
    assert.equal(told.length, 1);
  });

  it("tells a phase again that comes back", () => {
    for (const code of ["ErrImagePull", "ImagePullBackOff", "ErrImagePull"]) {
      report.see(seen("starting", code));
      mock.timers.tick(250);
    }
    assert.deepEqual(
      told.map(({ code }) => code),
      ["ErrImagePull", "ImagePullBackOff", "ErrImagePull"],
    );
  });

  it("tells nothing after it was closed", () => {
    report.see(seen("running", "Running"));
    report.close();
    mock.timers.tick(10_000);
    assert.deepEqual(told, []);
  });
});
