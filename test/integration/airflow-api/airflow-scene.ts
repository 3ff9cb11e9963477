import type { DagSpecInput } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { failed, succeeded } from "#core/outcome.ts";
import type { TaskRun, TryRecord } from "#core/run.ts";
import { keysOf } from "#state/keys.ts";
import { formatTaskRecord } from "#state/task-record.ts";
import { type Answer, type OpenDashboard, openDashboard } from "../dashboard/open-dashboard.ts";

export const TOKEN = "0123456789abcdef";
export const AT = Date.UTC(2026, 0, 31, 6);

const SPEC: DagSpecInput = {
  id: "etl",
  owner: "data",
  tags: ["nightly"],
  schedule: { cron: ["0 6 * * *"] },
  params: { type: "object", properties: { day: { type: "integer", default: 1 } }, additionalProperties: false },
  tasks: [
    { id: "list", operator: "noop" },
    { id: "load", operator: "noop", upstream: ["list"], map: { over: [1, 2] }, retry: { retries: 1 } },
    { id: "check", operator: "noop", upstream: ["load"] },
  ],
};

/** A dashboard that knows a DAG and one run of it, which has failed. */
export interface AirflowScene extends OpenDashboard {
  /** Asks under /api/v2, logged in. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Acts that wait for the leader, by run. */
  pending(runId: string): Promise<unknown[]>;
  /** Counts as the leader's commit: whoever waits for one goes on. */
  commit(runId: string, change: Record<string, string | number>): Promise<void>;
}

export const RUN = "etl~manual__a_x3A_b";

export async function openScene(): Promise<AirflowScene> {
  const dashboard = await openDashboard({ WINDLASS_TOKEN: TOKEN });
  const { redis, prefix } = dashboard.redis;
  const keys = keysOf(prefix);
  const spec = await dashboard.publish(SPEC);
  await dashboard.state.runs.createRun({
    id: RUN,
    dagId: "etl",
    version: contentHash(spec),
    trigger: { kind: "schedule" },
    conf: { day: 1 },
    createdAt: AT,
    logicalAt: AT,
    interval: { startAt: AT - 86_400_000, endAt: AT },
  });
  const ended = { gen: 1, try: 1, infra: 0, epoch: 1, startedAt: AT + 1_000, endedAt: AT + 3_000 };
  const tasks: Record<string, TaskRun> = {
    list: { ...ended, state: "success" },
    load: { ...ended, state: "failed", count: 2 },
    "load@0": { ...ended, state: "success" },
    "load@1": { ...ended, state: "failed", try: 2, startedAt: AT + 5_000, endedAt: AT + 6_000 },
    check: { ...ended, state: "upstream_failed", try: 0 },
  };
  for (const [id, task] of Object.entries(tasks)) await redis.hset(keys.tasks(RUN), id, formatTaskRecord(task));
  const one: TryRecord = { try: 1, infra: 0, state: "success", startedAt: AT + 1_000, endedAt: AT + 3_000, outcome: succeeded() };
  const bad: TryRecord = { ...one, state: "up_for_retry", outcome: failed("ExitCode", "user", "exit code 1", 1) };
  await redis.hset(keys.tries(RUN), "list/1.0", JSON.stringify(one), "load@1/1.0", JSON.stringify(bad));
  await redis.hset(keys.outputs(RUN), "list", JSON.stringify({ rows: 3 }), "load@0", "7", "load@1", "8");
  await redis.hset(keys.run(RUN), { state: "failed", startedAt: AT + 500, endedAt: AT + 6_500 });

  return {
    ...dashboard,
    call: (method, path, body, headers = {}) =>
      dashboard.ask(`/api/v2${path}`, {
        method,
        ...(body === undefined ? {} : { body }),
        headers: { authorization: `Bearer ${TOKEN}`, ...headers },
      }),
    pending: async runId =>
      [...((await dashboard.state.leader.loadRuns([runId]))[0]?.acts?.values() ?? [])].map(({ by, act }) => ({ by, act })),
    commit: async (runId, change) =>
      void (await redis.multi().hset(keys.run(runId), change).hincrby(keys.run(runId), "rev", 1).exec()),
  };
}
