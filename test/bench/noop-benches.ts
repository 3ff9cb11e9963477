import type { DagSpecInput } from "#core/dag-spec.ts";
import type { Run, TaskRun } from "#core/run.ts";
import type { TaskSpecInput } from "#core/task-spec.ts";
import { startLocalCluster } from "#localcluster/local-cluster.ts";
import { type BenchStack, startBenchStack } from "./bench-stack.ts";
import { percentile, round, spread } from "./percentiles.ts";
import { writeKubeconfig } from "./write-kubeconfig.ts";

const noop = (id: string, ...upstream: string[]): TaskSpecInput => ({ id, operator: "noop", upstream });

const dagOf = (id: string, tasks: TaskSpecInput[]): DagSpecInput => ({ id, tasks, maxActiveRuns: 10_000 });

const chain = (length: number): TaskSpecInput[] =>
  Array.from({ length }, (_, i) => noop(`t${i}`, ...(i > 0 ? [`t${i - 1}`] : [])));

/** Tasks in the order in which they started. */
const started = (run: Run): TaskRun[] => [...run.tasks.values()].sort((a, b) => a.startedAt! - b.startedAt!);

/** A stack whose worker is at hand but launches nothing. The first runs warm it up and are not counted. */
async function withStack<T>(measure: (stack: BenchStack) => Promise<T>): Promise<T> {
  const cluster = await startLocalCluster();
  const kubeconfig = writeKubeconfig(cluster.kubeconfig);
  const stack = await startBenchStack({ KUBECONFIG: kubeconfig.path });
  try {
    for (let i = 0; i < 3; i++) await stack.ended(await stack.startRuns(dagOf("warmup", chain(200)), 1), 30_000);
    return await measure(stack);
  } finally {
    await stack.close();
    await cluster.close();
    kubeconfig.remove();
  }
}

/** From one task's start to the next one's, in a chain of 200: the whole hop, five chains one after the other. */
export const hop = () =>
  withStack(async stack => {
    const hops: number[] = [];
    for (let i = 0; i < 5; i++) {
      const [run] = await stack.ended(await stack.startRuns(dagOf("hop", chain(200)), 1), 30_000);
      const tasks = started(run!);
      for (let t = 1; t < tasks.length; t++) hops.push(tasks[t]!.startedAt! - tasks[t - 1]!.startedAt!);
    }
    return spread(hops);
  });

/** 1 → 1,000 → 1; the median of five. */
export const fan = () =>
  withStack(async stack => {
    const middle = Array.from({ length: 1_000 }, (_, i) => `m${i}`);
    const tasks = [noop("first"), ...middle.map(id => noop(id, "first")), noop("last", ...middle)];
    const walls: { wallMs: number; fanInMs: number }[] = [];
    for (let i = 0; i < 5; i++) {
      const [run] = await stack.ended(await stack.startRuns(dagOf("fan", tasks), 1), 60_000);
      const lastOfMiddle = Math.max(...middle.map(id => run!.tasks.get(id)!.endedAt!));
      const { startedAt, endedAt } = run!.tasks.get("last")!;
      walls.push({ wallMs: round(endedAt! - run!.tasks.get("first")!.startedAt!), fanInMs: round(startedAt! - lastOfMiddle) });
    }
    return walls.sort((a, b) => a.wallMs - b.wallMs)[2]!;
  });

/** 100 runs of ten tasks in a row, created at once; the median of five. */
export const runs = () =>
  withStack(async stack => {
    const walls: number[] = [];
    for (let i = 0; i < 5; i++) {
      const ended = await stack.ended(await stack.startRuns(dagOf("runs", chain(10)), 100), 60_000);
      walls.push(Math.max(...ended.map(run => run.endedAt!)) - Math.min(...ended.map(run => run.createdAt)));
    }
    const wallMs = round(percentile(walls, 0.5));
    return { wallMs, tasksPerSecond: round(1_000_000 / wallMs, 0) };
  });
