import assert from "node:assert/strict";
import { failed, type Outcome, succeeded } from "#core/outcome.ts";
import type { PodStatus } from "#kube/pod.ts";
import { listenForLateWord } from "../../../services/worker/late-word.ts";
import { podWith } from "../../fixtures/pods/fixtures.ts";
import { fakeReflector } from "./fake-reflector.ts";

const EVICTED: PodStatus = { phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory." };

function listen(outcome: Outcome) {
  const fake = fakeReflector();
  const heard: string[] = [];
  listenForLateWord({
    reflector: fake.reflector,
    pod: podWith({ phase: "Running" }),
    outcome,
    onDispute: ({ code, message }) => heard.push(`${code}: ${message}`),
  });
  return { show: fake.show, remove: fake.remove, heard, fake };
}

describe("listenForLateWord", () => {
  it("tells once that a pod was evicted after its try had ended", () => {
    const { show, heard } = listen(succeeded());
    show(podWith({ phase: "Running" }));
    show(podWith(EVICTED));
    show(podWith(EVICTED));
    assert.deepEqual(heard, ["Evicted: The node was low on resource: memory."]);
  });

  it("hears the last word of a pod that is gone", () => {
    const { remove, heard } = listen(succeeded());
    remove(podWith(EVICTED));
    assert.deepEqual(heard.length, 1);
  });

  const silent: readonly (readonly [what: string, outcome: Outcome, status: PodStatus])[] = [
    ["the phase agrees", succeeded(), { phase: "Succeeded" }],
    ["the outcome is that word already", failed("Evicted", "infra", ""), EVICTED],
    ["a user had cancelled it", { ...succeeded(), code: "Cancelled" }, EVICTED],
  ];
  for (const [what, outcome, status] of silent) {
    it(`says nothing when ${what}, and stops listening`, () => {
      const { show, heard, fake } = listen(outcome);
      show(podWith(status));
      assert.deepEqual(heard, []);
      assert.equal(fake.listeners, 0);
    });
  }

  it("listens on while the phase is open", () => {
    const { show, fake } = listen(succeeded());
    show(podWith({ phase: "Running" }));
    assert.equal(fake.listeners, 1);
  });
});
