import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type { TaskSpecInput } from "#core/task-spec.ts";
import { INSTANCE_LABEL } from "#kube/manifest.ts";
import { PLAYED, RUN_FOR_ANNOTATION } from "../support/played-nodes.ts";
import { AuditLog } from "./audit-log.ts";
import type { BenchStack } from "./bench-stack.ts";
import { withCluster } from "./cluster-benches.ts";
import { round } from "./percentiles.ts";

const PODS = Number(process.env.CROWD_PODS ?? 2_000);
const START_MS = 300_000;
/** The garbage of the launches is collected, and what remains is what holding costs. */
const SETTLE_MS = 10_000;

const INSTANCE = `bench-${process.pid}`;
const LABEL = encodeURIComponent(`${INSTANCE_LABEL}=${INSTANCE}`);
const ENV = { WINDLASS_CONCURRENCY: String(PODS), WINDLASS_LOGS_DIR: "off", WINDLASS_WORKER_ID: INSTANCE };

const kubectl = (...args: string[]) => promisify(execFile)("kubectl", args, { timeout: START_MS, maxBuffer: 1 << 24 });

async function uids(): Promise<Set<string>> {
  const { stdout } = await kubectl(
    "get",
    "pods",
    "--selector",
    `${INSTANCE_LABEL}=${INSTANCE}`,
    "--output",
    "jsonpath={.items[*].metadata.uid}",
  );
  return new Set(stdout.split(" "));
}

const lasting = (id: string): TaskSpecInput => ({
  id,
  operator: "pod",
  pod: { image: "busybox:1.36", ...PLAYED, annotations: { [RUN_FOR_ANNOTATION]: "1h" } },
});

/** Looks often enough for a figure in seconds, and seldom enough not to be in its way. */
async function when(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (const began = performance.now(); !(await holds()); await sleep(50)) {
    if (performance.now() - began > START_MS) throw new Error(`${what}: not within ${START_MS / 1_000} s`);
  }
}

/** One worker with 2,000 running pods on played nodes; such pods have no logs. */
async function withCrowd<T>(measure: (stack: BenchStack, run: string, idleMb: number) => Promise<T>): Promise<T> {
  try {
    return await withCluster(ENV, async stack => {
      const idleMb = stack.workerMemory().rssMb;
      const tasks = Array.from({ length: PODS }, (_, i) => lasting(`t${i}`));
      const [run] = await stack.startRuns({ id: "crowd", tasks }, 1);
      const running = async () => {
        await sleep(500);
        const notes = await stack.state.runs.notes(run!);
        return [...notes.values()].filter(({ code }) => code === "Running").length === PODS;
      };
      await when(running, `${PODS} running pods`);
      return await measure(stack, run!, idleMb);
    });
  } finally {
    // A worker would start them again. All at once, which "kubectl delete --selector" does not do.
    await kubectl("delete", "--raw", `/api/v1/namespaces/default/pods?gracePeriodSeconds=0&labelSelector=${LABEL}`);
  }
}

/** 2,000 running pods held by one worker: its resident memory, and the most it had. */
export const heldMany = () =>
  withCrowd(async (stack, _, idleMb) => {
    await sleep(SETTLE_MS);
    const { rssMb, peakMb } = stack.workerMemory();
    return { pods: PODS, idleMb: round(idleMb, 0), rssMb: round(rssMb, 0), peakMb: round(peakMb, 0) };
  });

/**
 * A worker with 2,000 running pods is replaced: from the start of the new process until it watches all of them, and until it holds
 * all of their jobs; what it asked of the API server for that, and whether the pods are still the same.
 */
export const rewatch = () =>
  withCrowd(async (stack, run) => {
    const audit = AuditLog.open();
    const before = await uids();
    await audit.quiet();
    const from = audit.mark();
    await stack.restartWorker();
    const began = performance.now();
    const reaches = (gauge: string) => async () => (await stack.workerGauge(gauge)) === PODS;
    await when(reaches("windlass_pods_cached"), "the pods in the watch");
    const watchedMs = performance.now() - began;
    await when(reaches("windlass_jobs_held"), "the jobs");
    const heldMs = performance.now() - began;
    await audit.quiet();
    const asked = audit.ofUserAgent(INSTANCE, from);
    const after = await uids();
    const [lost, added] = [before.difference(after).size, after.difference(before).size];
    const tasks = [...(await stack.state.runs.getRun(run))!.tasks.values()];
    const held = tasks.filter(task => task.state === "running" && task.try === 1 && task.infra === 0).length;
    return { pods: PODS, watchedMs: round(watchedMs, 0), heldMs: round(heldMs, 0), ...asked, held, lost, added };
  });
