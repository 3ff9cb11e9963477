import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TaskSpecInput } from "#core/task-spec.ts";
import { startBenchStack } from "./bench-stack.ts";
import { round } from "./percentiles.ts";

const PODS = Number(process.env.HELD_PODS ?? 500);
const START_MS = 120_000;
/** The garbage of the launches is collected, and what remains is what holding costs. */
const SETTLE_MS = 10_000;

const CLUSTER = join(import.meta.dirname, "../../libs/localcluster/main.ts");

/** A pod that says one word, so that its log is seen to be followed, and stays. */
const lasting = (id: string): TaskSpecInput => ({
  id,
  operator: "pod",
  pod: { image: "busybox:1.36", command: ["sh", "-c", "echo up; sleep 600"], terminationGracePeriodSeconds: 1 },
});

/** 500 running pods on the embedded cluster, held by one worker which follows their logs: its resident memory, and the most it had. */
export async function held() {
  const dir = mkdtempSync(join(tmpdir(), "windlass-held-"));
  const kubeconfig = join(dir, "kubeconfig");
  const logs = join(dir, "logs");
  const cluster = await startCluster(kubeconfig, dir);
  try {
    const stack = await startBenchStack({ KUBECONFIG: kubeconfig, WINDLASS_LOGS_DIR: logs, WINDLASS_CONCURRENCY: String(PODS) });
    try {
      const idleMb = stack.workerMemory().rssMb;
      const tasks = Array.from({ length: PODS }, (_, i) => lasting(`t${i}`));
      await stack.startRuns({ id: "held", tasks, maxActiveRuns: 1 }, 1);
      await followed(logs);
      await sleep(SETTLE_MS);
      const { rssMb, peakMb } = stack.workerMemory();
      return { pods: PODS, idleMb: round(idleMb, 0), rssMb: round(rssMb, 0), peakMb: round(peakMb, 0) };
    } finally {
      await stack.close();
    }
  } finally {
    cluster.kill("SIGTERM");
    await once(cluster, "exit");
    rmSync(dir, { recursive: true, force: true });
  }
}

/** A process of its own, as in `npm run dev`: its memory is not the worker's. */
async function startCluster(kubeconfig: string, dir: string): Promise<ChildProcess> {
  const env = {
    PATH: process.env.PATH ?? "",
    WINDLASS_LOCALCLUSTER_PORT: "0",
    WINDLASS_LOCALCLUSTER_KUBECONFIG: kubeconfig,
    WINDLASS_LOCALCLUSTER_DATA: join(dir, "cluster"),
  };
  const cluster = spawn(process.execPath, [CLUSTER], { env, stdio: ["ignore", "pipe", "inherit"] });
  await once(cluster.stdout!, "data");
  cluster.stdout!.resume();
  return cluster;
}

/** Every pod's first line is in the store: it runs, and its log is followed. */
async function followed(logs: string): Promise<void> {
  for (const began = performance.now(); performance.now() - began < START_MS; await sleep(500)) {
    const files = globSync("**/*.log", { cwd: logs }).filter(file => statSync(join(logs, file)).size > 0);
    if (files.length >= PODS) return;
  }
  throw new Error(`the ${PODS} pods did not all run within ${START_MS / 1_000} s`);
}
