import assert from "node:assert/strict";
import type { PodEvent } from "#kube/kube.ts";
import { PullClock } from "../../../services/worker/pull-clock.ts";
import { podWith } from "../../fixtures/pods/fixtures.ts";

const at = (second: number): string => `2026-01-01T00:00:${String(second).padStart(2, "0")}Z`;
const SCHEDULED = { type: "PodScheduled", status: "True", lastTransitionTime: at(1) };
const startedAt = (second: number) =>
  podWith({ conditions: [SCHEDULED], containerStatuses: [{ name: "main", state: { running: { startedAt: at(second) } } }] });
const pulled = (second: number, container: string): PodEvent => ({
  type: "Normal",
  reason: "Pulled",
  message: "",
  count: 1,
  lastAt: at(second),
  container,
});

function clock(events: () => Promise<PodEvent[]> = async () => [pulled(3, "setup"), pulled(8, "main")]) {
  let asked = 0;
  const errors: unknown[] = [];
  const listEvents = () => {
    asked++;
    return events();
  };
  return { clock: new PullClock({ kube: { listEvents }, onError: error => errors.push(error) }), asked: () => asked, errors };
}

describe("PullClock", () => {
  it("asks for the events of a pod that started slowly, once", async () => {
    const { clock: pull, asked } = clock();
    for (const pod of [podWith({ conditions: [SCHEDULED] }), startedAt(9), startedAt(9)]) pull.see(pod);
    await new Promise(setImmediate);
    assert.equal(asked(), 1);
    assert.equal(pull.pulledAt, Date.parse(at(8)));
  });

  it("asks for nothing when the pod started at once", () => {
    const { clock: pull, asked } = clock();
    pull.see(startedAt(3));
    assert.equal(asked(), 0);
  });

  it("does without when the API server does not answer", async () => {
    const { clock: pull, errors } = clock(() => Promise.reject(new Error("away")));
    pull.see(startedAt(30));
    await new Promise(setImmediate);
    assert.equal(pull.pulledAt, undefined);
    assert.equal(errors.length, 1);
  });
});
