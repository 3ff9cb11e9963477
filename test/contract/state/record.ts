import type { Run, RunHeader, TaskRun } from "#core/run.ts";
import { type Keys, keysOf } from "#state/keys.ts";
import { openState, type State } from "#state/state.ts";
import { formatTaskRecord } from "#state/task-record.ts";
import { type TestRedis, testRedis } from "../../support/redis.ts";

/** A record of one test's own, with what a test needs to put it into any state. */
export interface Record extends State {
  test: TestRedis;
  keys: Keys;
  /** Creates the run `etl~1` (or another) and empties the inbox. */
  seedRun(change?: Partial<RunHeader>): Promise<Run>;
  seedTask(taskId: string, task: Partial<TaskRun>, runId?: string): Promise<TaskRun>;
  task(taskId: string, runId?: string): Promise<TaskRun | undefined>;
  /** Everything stored for the record, to prove that a call changed nothing. */
  dump(): Promise<string>;
}

export async function openRecord(): Promise<Record> {
  const test = await testRedis();
  const { redis, prefix } = test;
  const state = openState(redis, prefix, { retentionMs: 60_000 });
  const keys = keysOf(prefix);
  return {
    ...state,
    test,
    keys,
    async seedRun(change = {}) {
      const header: RunHeader = {
        id: "etl~1",
        dagId: "etl",
        version: "v1",
        trigger: { kind: "api" },
        conf: {},
        createdAt: 1_000,
        ...change,
      };
      await state.runs.createRun(header);
      await redis.del(keys.inbox);
      return (await state.runs.getRun(header.id))!;
    },
    async seedTask(taskId, change, runId = "etl~1") {
      const task: TaskRun = { state: "queued", gen: 1, try: 0, infra: 0, epoch: 0, ...change };
      await redis.hset(keys.tasks(runId), taskId, formatTaskRecord(task));
      return task;
    },
    async task(taskId, runId = "etl~1") {
      return (await state.runs.getRun(runId))?.tasks.get(taskId);
    },
    async dump() {
      const parts: unknown[] = [];
      for (const key of (await redis.keys(`${prefix}*`)).sort()) {
        // The serialised value: equal texts, equal contents.
        parts.push([key, (await redis.dumpBuffer(key))?.toString("base64"), (await redis.pttl(key)) > 0]);
      }
      return JSON.stringify(parts);
    },
  };
}
