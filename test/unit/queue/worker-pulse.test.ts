import assert from "node:assert/strict";
import { WorkerPulse } from "#queue/worker-pulse.ts";

interface Look {
  atMs: number;
  room?: boolean;
  work?: boolean;
  took?: boolean;
  healthy: boolean;
}

const STORIES: readonly { story: string; looks: readonly Look[] }[] = [
  {
    story: "no work at all",
    looks: [
      { atMs: 0, work: false, healthy: true },
      { atMs: 500_000, work: false, healthy: true },
    ],
  },
  {
    story: "work and no job taken",
    looks: [
      { atMs: 0, healthy: true },
      { atMs: 119_999, healthy: true },
      { atMs: 120_000, healthy: false },
    ],
  },
  {
    story: "a full worker",
    looks: [
      { atMs: 0, room: false, healthy: true },
      { atMs: 500_000, room: false, healthy: true },
    ],
  },
  {
    story: "a job now and then",
    looks: [
      { atMs: 0, healthy: true },
      { atMs: 100_000, took: true, healthy: true },
      { atMs: 150_000, healthy: true },
      { atMs: 269_999, healthy: true },
      { atMs: 270_000, healthy: false },
    ],
  },
  {
    story: "work after a long rest",
    looks: [
      { atMs: 0, work: false, healthy: true },
      { atMs: 900_000, healthy: true },
      { atMs: 1_020_000, healthy: false },
    ],
  },
  {
    story: "a recovery",
    looks: [
      { atMs: 0, healthy: true },
      { atMs: 120_000, healthy: false },
      { atMs: 130_000, took: true, healthy: true },
    ],
  },
];

describe("worker pulse", () => {
  for (const { story, looks } of STORIES) {
    it(story, async () => {
      let look = looks[0]!;
      const pulse = new WorkerPulse({
        hasRoom: () => look.room ?? true,
        hasWork: async () => look.work ?? true,
        now: () => look.atMs,
      });
      for (look of looks) {
        if (look.took) pulse.beat();
        assert.equal(await pulse.isHealthy(), look.healthy, `at ${look.atMs} ms`);
      }
    });
  }
});
