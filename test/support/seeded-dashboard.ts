import type { DagSpecInput } from "#core/dag-spec.ts";
import { contentHash } from "#core/hash.ts";
import { succeeded } from "#core/outcome.ts";
import { type OpenDashboard, openDashboard } from "../integration/dashboard/open-dashboard.ts";

const SAMPLE: DagSpecInput = {
  id: "sample",
  description: "loads what was sold",
  owner: "team-sales",
  tags: ["daily"],
  schedule: { cron: ["0 5 * * *"] },
  tasks: [
    { id: "first", operator: "empty" },
    {
      id: "load",
      operator: "pod",
      upstream: ["first"],
      pod: { image: "busybox", args: ["{{ run.ds }}"] },
      retry: { retries: 1 },
    },
    { id: "ask", operator: "approval", upstream: ["load"], question: "Go on?" },
  ],
};

const RUN = { dagId: "sample", conf: {}, createdAt: 1_800_000_100_000 } as const;

/** A dashboard that has something of everything to show: for those who ask whatever comes to their minds. */
export async function seededDashboard(
  env: Record<string, string> = {},
  options: { onLog?: (line: string) => void } = {},
): Promise<OpenDashboard> {
  const dashboard = await openDashboard(env, options);
  const { state } = dashboard;
  await dashboard.publish({ ...SAMPLE, tasks: SAMPLE.tasks.slice(0, 2) });
  const spec = await dashboard.publish(SAMPLE);
  const version = contentHash(spec);
  await state.dags.publishDag(
    { ...(await state.dags.getDag("sample"))!, publishedAt: 1_800_000_000_001 },
    spec,
    "export default 1;\n",
  );
  await dashboard.publish({ ...SAMPLE, id: "gone" });
  await state.dags.removeDag("gone", 1_800_000_000_002);
  await state.dags.replaceImportErrors([
    { file: "broken.ts", line: 3, code: "WL_DAG_CYCLE", message: "a → b → a", at: 1_800_000_000_003 },
  ]);

  await state.runs.createRun({ ...RUN, id: "sample~1", version, trigger: { kind: "manual", by: "ann" } });
  const worker = {
    id: "worker-1",
    host: "node-1",
    startedAt: 1_800_000_000_000,
    concurrency: 10,
    held: 1,
    state: "running",
  } as const;
  await state.claims.heartbeat({ ...worker, at: Date.now(), queues: [{ name: "pods", concurrency: 10, held: 1 }] }, 3_600_000);
  await state.queues.note(["pods"]);
  await state.podSettings.put({ defaultNamespace: "pipelines", instance: "windlass", plugins: [], at: 1 });
  await state.pools.putPool({ name: "small", slots: 3 }, 1);
  await state.variables.putVariable("region", { name: "eu" }, { at: 1_800_000_000_000, by: "ann" });
  await state.assets.tell({ asset: "s3://lake/orders", id: "told~1", at: 1_800_000_000_000, by: "ann" });
  await beganAndEnded(dashboard, "sample~1");
  return dashboard;
}

/** The task `load` has had its one try. */
async function beganAndEnded({ state }: OpenDashboard, runId: string): Promise<void> {
  const token = (await state.leader.acquireLease("seed", 60_000))!;
  const run = (await state.runs.getRun(runId))!;
  const queued = { state: "queued", gen: 1, try: 0, epoch: 0, infra: 0, queuedAt: 1_800_000_100_001 } as const;
  await state.leader.commit({
    token,
    run: { ...run, rev: 1, state: "running", startedAt: 1_800_000_100_001 },
    fromRev: 0,
    changes: [{ taskId: "load", from: ["none"], task: queued }],
    orders: [],
    history: [],
    at: 1_800_000_100_001,
  });
  const claim = { runId, taskId: "load", gen: 1, try: 1, epoch: 1 };
  await state.claims.begin({ ...claim, worker: "worker-1", at: 1_800_000_100_002 });
  const outcome = succeeded();
  const record = {
    try: 1,
    infra: 0,
    state: "success",
    startedAt: 1_800_000_100_002,
    endedAt: 1_800_000_103_000,
    worker: "worker-1",
    pod: { namespace: "pipelines", name: "sample-load-1", uid: "0", node: "node-7" },
    outcome,
    timeline: { createdAt: 1_800_000_100_000, startedAt: 1_800_000_101_000, endedAt: 1_800_000_103_000, reason: "Completed" },
    rendered: { "pod.args.0": "2027-01-15" },
  } as const;
  await state.claims.finish({
    ...claim,
    next: { ...queued, state: "success", try: 1, epoch: 1, endedAt: record.endedAt, pod: record.pod, outcome },
    record,
    output: { rows: 3 },
    at: record.endedAt,
  });
  await state.leader.releaseLease(token);
}
