import type { DagSpec } from "./dag-spec.ts";
import { descendants, type Graph } from "./graph.ts";
import type { JsonValue } from "./result.ts";
import type { RunHeader } from "./run.ts";
import { nextTick } from "./schedule/dag-clock.ts";
import type { TaskSpec } from "./task-spec.ts";

type Branch = Extract<TaskSpec, { operator: "branch" }>;

/** The direct downstreams that do not go on. One that the chosen way leads to as well is not among them. */
export function branchSkips(graph: Pick<Graph, "downstream">, { id, cases, otherwise = [] }: Branch, value: JsonValue): string[] {
  const chosen = cases.find(({ is }) => isSame(is, value))?.to ?? otherwise;
  const goOn = descendants(graph, chosen);
  for (const to of chosen) goOn.add(to);
  return (graph.downstream.get(id) ?? []).filter(down => !goOn.has(down));
}

const isSame = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** Whether no tick has come since the one that the run stands for. A run without a tick is always the latest. */
export function isLatestTick(dag: DagSpec, run: Pick<RunHeader, "logicalAt" | "interval">, at: number): boolean {
  if (run.logicalAt === undefined) return true;
  const next = nextTick(dag, Math.max(run.logicalAt, run.interval?.endAt ?? run.logicalAt));
  return next === undefined || next > at;
}
