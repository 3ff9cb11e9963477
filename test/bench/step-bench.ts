import { DagSpec } from "#core/dag-spec.ts";
import type { Step } from "#core/decision.ts";
import { type Graph, indexDag } from "#core/graph.ts";
import { newRun, type Run } from "#core/run.ts";
import { step } from "#core/step.ts";
import { percentile, round } from "./percentiles.ts";

const SMALL = 100;
const LARGE = 10_000;
const ROUNDS = 15;

/** What one step costs the core for each task: in a large DAG, in a small one, and what a list of 10,000 items costs to become instances. */
export async function stepBench(): Promise<object> {
  const [small, large] = [chainsOf(SMALL), chainsOf(LARGE)];
  const list = indexDag(
    DagSpec.parse({
      id: "map",
      tasks: [{ id: "load", operator: "noop", map: { over: Array.from({ length: LARGE }, (_, i) => i) } }],
    }),
  );
  // The first rounds warm the code; sizes take turns, so that a noisy moment meets both.
  const costs = Array.from({ length: ROUNDS }, () => ({ small: costOf(small), large: costOf(large), expandMs: expand(list) }));
  const median = (pick: (one: (typeof costs)[number]) => number) => percentile(costs.slice(2).map(pick), 0.5);
  return {
    smallUs: round(median(one => one.small)),
    largeUs: round(median(one => one.large)),
    ratio: round(median(one => one.large / one.small)),
    expandMs: round(
      median(one => one.expandMs),
      0,
    ),
  };
}

/** Chains of ten noop tasks. */
function chainsOf(count: number): Graph {
  const tasks = Array.from({ length: count }, (_, i) => ({
    id: `task-${i}`,
    operator: "noop",
    upstream: i % 10 === 0 ? [] : [`task-${i - 1}`],
  }));
  return indexDag(DagSpec.parse({ id: "chains", tasks }));
}

const fresh = (): Run => newRun({ id: "dag~1", dagId: "dag", version: "v", trigger: { kind: "bench" }, conf: {}, createdAt: 0 });

/** Microseconds a task, with as many runs under way at once as make up the same number of tasks: each task ends in a step of its own. */
function costOf(graph: Graph): number {
  const runs = Array.from({ length: LARGE / graph.tasks.size }, fresh);
  const open: { run: number; taskId: string }[] = [];
  const take = (at: number, { run, decisions }: Step) => {
    runs[at] = run;
    for (const decision of decisions) if (decision.type === "enqueue") open.push({ run: at, taskId: decision.taskId });
  };
  for (const [at, run] of runs.entries()) take(at, step(graph, run, [{ type: "run.admitted", at: 0 }]));
  const start = performance.now();
  for (let i = 0; i < open.length; i++) {
    const { run: at, taskId } = open[i]!;
    const run = runs[at]!;
    const task = { ...run.tasks.get(taskId)!, state: "success" as const, try: 1, epoch: 1, endedAt: 1 };
    take(at, step(graph, run, [{ type: "task.ended", at: 1, taskId, task }]));
  }
  return ((performance.now() - start) * 1_000) / open.length;
}

function expand(graph: Graph): number {
  const start = performance.now();
  step(graph, fresh(), [{ type: "run.admitted", at: 0 }]);
  return performance.now() - start;
}
