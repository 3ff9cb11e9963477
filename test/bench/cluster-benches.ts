import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import type { DagSpecInput } from "#core/dag-spec.ts";
import type { TaskSpecInput } from "#core/task-spec.ts";
import { PLAYED } from "../support/played-nodes.ts";
import { AuditLog } from "./audit-log.ts";
import { type BenchStack, startBenchStack } from "./bench-stack.ts";
import { percentile, round } from "./percentiles.ts";

const run = promisify(execFile);

/** The least possible client on the same cluster, in the same minute: every figure of ours is a fraction of its. */
const CALIBRATE = process.env.CALIBRATE ?? "../shared/cluster/calibrate.mjs";
const WIDE = 64;
const PODS = 1_000;

const truePod = (id: string, upstream: string[], place: object): TaskSpecInput => ({
  id,
  operator: "pod",
  upstream,
  pod: { image: "busybox:1.36", command: ["true"], terminationGracePeriodSeconds: 1, ...place },
});

const chainOf = (length: number, place: object): TaskSpecInput[] =>
  Array.from({ length }, (_, i) => truePod(`p${i}`, i > 0 ? [`p${i - 1}`] : [], place));

interface Ceiling {
  podsPerSecond: number;
}

async function calibrate(kind: "kwok" | "real", total: number, wide: number): Promise<Ceiling> {
  if (!existsSync(CALIBRATE)) throw new Error(`the ceiling is measured by ${CALIBRATE}, which is not there; set CALIBRATE`);
  const { stdout } = await run(process.execPath, [CALIBRATE, kind, String(total), String(wide)], { timeout: 300_000 });
  return JSON.parse(stdout) as Ceiling;
}

export async function withCluster<T>(env: Record<string, string>, measure: (stack: BenchStack) => Promise<T>): Promise<T> {
  const { KUBECONFIG } = process.env;
  if (!KUBECONFIG) throw new Error("this bench needs a real cluster: set KUBECONFIG");
  const stack = await startBenchStack({ KUBECONFIG, WINDLASS_INSTANCE: `bench-${process.pid}`, ...env });
  try {
    return await measure(stack);
  } finally {
    await stack.close();
  }
}

const dagOf = (id: string, tasks: TaskSpecInput[]): DagSpecInput => ({ id, tasks, maxActiveRuns: 1_000 });

/** 1,000 pods, 64 at a time, on kwok nodes; then a chain of 50: pod end → next POST accepted, by the API server's own clock. */
export const pods = () =>
  withCluster(
    { WINDLASS_CONCURRENCY: String(WIDE), WINDLASS_LOGS_DIR: "off", WINDLASS_WORKER_ID: `bench-${process.pid}` },
    async stack => {
      const audit = AuditLog.open();
      await stack.ended(await stack.startRuns(dagOf("warmup", chainOf(5, PLAYED)), 1), 60_000);
      const { podsPerSecond: ceiling } = await calibrate("kwok", PODS, WIDE);

      const from = audit.mark();
      const wide = Array.from({ length: PODS }, (_, i) => truePod(`w${i}`, [], PLAYED));
      const [done] = await stack.ended(await stack.startRuns(dagOf("wide", wide), 1), 300_000);
      const failed = [...done!.tasks.values()].filter(task => task.state !== "success").length;
      if (failed > 0) throw new Error(`${failed} of ${PODS} pods did not succeed`);
      const podsPerSecond = PODS / ((done!.endedAt! - done!.startedAt!) / 1_000);
      await audit.quiet();
      const requests = audit.ofUserAgent(`bench-${process.pid}`, from);

      const chainFrom = audit.mark();
      await stack.ended(await stack.startRuns(dagOf("chain", chainOf(50, PLAYED)), 1), 120_000);
      await audit.quiet();
      const gaps = audit.endToNextPost(`bench-${process.pid}`, chainFrom);
      return {
        podsPerSecond: round(podsPerSecond, 1),
        ceiling,
        ratio: round(podsPerSecond / ceiling),
        endToPostMs: { p50: round(percentile(gaps, 0.5)), p99: round(percentile(gaps, 0.99)) },
        writesPerPod: round(requests.writes / PODS),
        getsPerPod: round(requests.gets / PODS),
        rssMb: round(stack.workerMemory().peakMb, 0),
      };
    },
  );

/** Ten `true` pods in a chain on the real node, logs kept, against the least possible client's chain. */
export const chainReal = () =>
  withCluster({}, async stack => {
    await stack.ended(await stack.startRuns(dagOf("warmup", chainOf(1, {})), 1), 60_000);
    const { podsPerSecond } = await calibrate("real", 10, 1);
    const ceilingSeconds = 10 / podsPerSecond;
    const [done] = await stack.ended(await stack.startRuns(dagOf("chain", chainOf(10, {})), 1), 120_000);
    const wallSeconds = (done!.endedAt! - done!.startedAt!) / 1_000;
    return { wallSeconds: round(wallSeconds), ceilingSeconds: round(ceilingSeconds), ratio: round(wallSeconds / ceilingSeconds) };
  });
