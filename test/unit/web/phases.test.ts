import assert from "node:assert/strict";
import { phasesOf } from "../../../services/dashboard/web/task/phases.ts";
import type { TryView } from "../../../services/dashboard/web/task/tries-of.ts";

const at = (ms: number): string => new Date(ms).toISOString();
const of = (more: Partial<TryView>): TryView => ({ try: 1, infra: 0, state: "success", containers: [], ...more }) as TryView;
const read = (view: TryView, queuedAt?: number) =>
  phasesOf(view, queuedAt === undefined ? undefined : at(queuedAt), 60_000).map(
    ({ label, fromMs, toMs }) => `${label} ${fromMs}-${toMs}`,
  );

describe("phasesOf", () => {
  it("goes from step to step", () => {
    const timeline = {
      createdAt: at(2_000),
      scheduledAt: at(3_000),
      pulledAt: at(8_000),
      startedAt: at(9_000),
      endedAt: at(20_000),
    };
    assert.deepEqual(read(of({ startedAt: at(1_500), endedAt: at(22_000), timeline }), 1_000), [
      "in the queue 1000-1500",
      "pod is created 1500-2000",
      "waits for a node 2000-3000",
      "image is pulled 3000-8000",
      "container starts 8000-9000",
      "runs 9000-20000",
      "is recorded 20000-22000",
    ]);
  });

  it("keeps whole seconds between what was seen, and takes an end within its second for the end", () => {
    const timeline = { createdAt: at(1_000), scheduledAt: at(1_000), startedAt: at(1_000), endedAt: at(2_000) };
    assert.deepEqual(read(of({ startedAt: at(1_400), endedAt: at(2_336), timeline })), [
      "pod is created 1400-1400",
      "waits for a node 1400-1400",
      "image is pulled, then on 1400-1400",
      "runs 1400-2336",
    ]);
  });

  it("goes on up to now", () =>
    assert.deepEqual(read(of({ startedAt: at(1_000), endedAt: undefined })), ["pod is created 1000-60000"]));
});
