import type { Graph } from "../graph.ts";
import { DEFAULT_POOL } from "../pool.ts";
import type { RunHeader } from "../run.ts";
import { SCHEDULER_OPERATORS, type TaskSpec } from "../task-spec.ts";
import { weightOf } from "../weight.ts";
import { LIMIT_KINDS, type Limit, type LimitKind } from "./limit.ts";
import type { Demand } from "./ticket.ts";

/** One limit that a task names: whose it is, what it is called, how much of it the task takes. */
export interface Claim {
  kind: LimitKind;
  /** Tells it from all others of its kind. */
  key: string;
  name: string;
  slots: number | undefined;
  wants: number;
}

type ClaimOf = (task: TaskSpec, graph: Graph, run: RunHeader) => Claim | undefined;

const scoped = (kind: LimitKind, key: string, name: string, slots: number | undefined): Claim | undefined =>
  slots === undefined ? undefined : { kind, key: `${kind} ${key}`, name, slots, wants: 1 };

/** Which limits a task names, by kind. */
const CLAIMS: Readonly<Record<Exclude<LimitKind, "pool">, ClaimOf>> = {
  map: (task, _, run) => scoped("map", `${run.id} ${task.id}`, task.id, task.map?.maxActive),
  task: (task, _, run) => scoped("task", `${run.dagId} ${task.id}`, task.id, task.maxActive),
  run: (_, { spec }, run) => scoped("run", run.id, run.id, spec.maxActiveTasksPerRun),
  dag: (_, { spec }, run) => scoped("dag", run.dagId, run.dagId, spec.maxActiveTasks),
};

/** The pool's slots by name; undefined: there is no such pool. */
export type SlotsOf = (pool: string) => number | undefined;

/** The default pool is without limit until somebody sets one; any other has to be there. */
function poolClaim({ pool = DEFAULT_POOL, poolSlots = 1 }: TaskSpec, slotsOf: SlotsOf): Claim | undefined {
  const slots = slotsOf(pool);
  if (slots === undefined && pool === DEFAULT_POOL) return undefined;
  return { kind: "pool", key: `pool ${pool}`, name: pool, slots, wants: poolSlots };
}

const isWorkers = (task: TaskSpec): boolean => !(SCHEDULER_OPERATORS as readonly string[]).includes(task.operator);

/** Whether any task of the DAG has a limit, or waits for the run before. */
export const isLimited = ({ spec }: Pick<Graph, "spec">, slotsOf: SlotsOf): boolean =>
  spec.maxActiveTasks !== undefined ||
  spec.maxActiveTasksPerRun !== undefined ||
  spec.tasks.some(
    task =>
      task.maxActive !== undefined ||
      task.map?.maxActive !== undefined ||
      task.dependsOnPast === true ||
      task.waitForDownstream === true ||
      poolClaim(task, slotsOf) !== undefined,
  );

/**
 * What each task of a run has to have before it may go; tasks without limits are left out.
 * @param limitOf finds the one limit of a key, or makes it
 */
export function demandsOf(run: RunHeader, graph: Graph, slotsOf: SlotsOf, limitOf: (claim: Claim) => Limit): Map<string, Demand> {
  const demands = new Map<string, Demand>();
  for (const task of graph.spec.tasks) {
    if (!isWorkers(task)) continue;
    const claims = LIMIT_KINDS.map(kind => (kind === "pool" ? poolClaim(task, slotsOf) : CLAIMS[kind](task, graph, run)));
    const named = claims.filter(claim => claim !== undefined);
    const past = task.waitForDownstream === true ? "downstream" : task.dependsOnPast === true ? "task" : undefined;
    if (named.length === 0 && past === undefined) continue;
    demands.set(task.id, {
      shares: named.map(claim => ({ limit: limitOf(claim), slots: claim.wants })),
      signature: named.map(({ key, wants }) => `${key} ${wants}`).join("\n"),
      weight: weightOf(graph, task.id),
      past,
    });
  }
  return demands;
}
