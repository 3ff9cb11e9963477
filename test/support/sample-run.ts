import { randomUUID } from "node:crypto";
import { podName } from "#core/ids.ts";
import { failed, succeeded } from "#core/outcome.ts";
import type { TaskRun, TryRecord } from "#core/run.ts";
import type { RunParts } from "#state/archive/run-parts.ts";
import { formatTaskRecord } from "#state/task-record.ts";

const BEGAN_AT = 1_795_600_000_000;
const NODES = 12;
const WORKERS = ["worker-7d9f8b6c4-2xkqj-1", "worker-7d9f8b6c4-p8zrt-1", "worker-7d9f8b6c4-vv6hn-1"];

/**
 * What a run of so many pods leaves behind: one load per region, in waves of 500, each with a result; one in fifty is tried twice.
 * The numbers are drawn from a seed; the pods' uids are chance, as they are.
 */
export function sampleRun(count: number): { runId: string; dagId: string; parts: RunParts } {
  const [dagId, runId] = ["nightly_load", "nightly_load~20261124T020000Z"];
  const draw = seeded(7);
  const tasks: Record<string, string> = {};
  const tries: Record<string, string> = {};
  const outputs: Record<string, string> = {};
  const notes: Record<string, string> = {};
  const history: { at: number; text: string }[] = [];
  const say = (at: number, entry: object) => history.push({ at, text: JSON.stringify({ at, ...entry }) });
  say(BEGAN_AT - 40, { type: "run.created", trigger: { kind: "schedule" } });
  say(BEGAN_AT, { type: "run.running" });
  for (let i = 0; i < count; i++) {
    const taskId = `load@${i}`;
    const queuedAt = BEGAN_AT + Math.floor(i / 500) * 30_000 + draw(400);
    say(queuedAt + 1, { type: "task.queued", taskId });
    const last = draw(50) === 0 ? 2 : 1;
    let startedAt = queuedAt + 2 + draw(40);
    for (let one = 1; one <= last; one++) {
      const worker = WORKERS[draw(WORKERS.length)]!;
      const endedAt = startedAt + 4_000 + draw(20_000);
      const outcome = one < last ? failed("ExitCode", "user", "container main ended with exit code 1", 1) : succeeded();
      const state = one < last ? "up_for_retry" : "success";
      const pod = {
        namespace: "pipelines",
        name: podName({ dagId, runId, taskId, try: one, infra: 0 }),
        uid: randomUUID(),
        node: `pool-a-${draw(NODES)}`,
      };
      const second = (at: number) => Math.floor(at / 1_000) * 1_000;
      const timeline = {
        createdAt: second(startedAt + 20),
        scheduledAt: second(startedAt + 40),
        startedAt: second(startedAt + 1_500),
        endedAt: second(endedAt - 50),
        imageId: "registry.example.com/etl@sha256:2b1f7c6e0f3c4c1d8b7a5e9d0a6c3f2e1d4b5a697887766554433221100ffeed",
        reason: "Completed",
      };
      const record: TryRecord = { try: one, infra: 0, state, startedAt, endedAt, worker, pod, outcome, timeline };
      tries[`${taskId}/${one}.0`] = JSON.stringify(record);
      say(startedAt, { type: "try.began", taskId, try: one, epoch: one, worker });
      const { code, message } = outcome;
      say(endedAt, { type: "try.ended", taskId, try: one, infra: 0, state, code, message, worker });
      const task: TaskRun = { state, gen: 1, try: one, epoch: one, infra: 0, queuedAt, startedAt, endedAt, worker, pod, outcome };
      tasks[taskId] = formatTaskRecord(task);
      notes[taskId] = JSON.stringify({ phase: "running", pod, sinceAt: startedAt + 1_600 + draw(900), worker });
      startedAt = endedAt + 60_000;
    }
    outputs[taskId] = JSON.stringify({ rows: draw(2_000_000), path: `s3://lake/load/2026-11-24/part-${i}.parquet` });
  }
  history.sort((a, b) => a.at - b.at);
  return { runId, dagId, parts: { tasks, tries, outputs, notes, remarks: {}, history: history.map(({ text }) => text) } };
}

/** Whole numbers below a limit, the same for the same seed. */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
