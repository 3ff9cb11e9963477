import { Admission, dependsOnPast } from "#core/admission/admission.ts";
import { comesBefore } from "#core/admission/past.ts";
import type { Graph } from "#core/graph.ts";
import { DEFAULT_QUEUE } from "#core/queue-name.ts";
import type { Reason } from "#core/reason.ts";
import { type Run, type RunHeader, taskOf } from "#core/run.ts";
import type { WhyView } from "#core/why.ts";
import type { HistoryEntry } from "#state/run-store.ts";
import { readLiveRuns } from "./live-runs.ts";
import type { Ports } from "./ports.ts";

type WhyPorts = Pick<Ports, "dags" | "runs" | "live" | "pools" | "workers" | "now">;

/** Gathers what has to be known to say why the task is where it is. Reads the other live runs only where they decide. */
export async function readWhyView({ run, graph }: { run: Run; graph: Graph }, taskId: string, ports: WhyPorts): Promise<WhyView> {
  const { state } = taskOf(run, taskId);
  const asksOthers = state === "scheduled" || run.state === "queued";
  const [leader, workers, notes, history, others] = await Promise.all([
    ports.live.leading(),
    ports.workers.listWorkers(),
    ports.runs.notes(run.id),
    ports.runs.history(run.id),
    asksOthers ? readLiveRuns(ports) : [],
  ]);
  return {
    at: ports.now(),
    run,
    graph,
    taskId,
    isLed: leader !== undefined,
    activeRuns: isBackfill(run) ? 0 : others.filter(one => isActive(one.run, run.dagId)).length,
    gate: state === "scheduled" ? await gateReasons(run, graph, taskId, others, ports) : [],
    queues: queuesOf(workers),
    note: notes.get(taskId),
    clearedBy: clearedBy(history, taskId),
  };
}

/** A backfill keeps a limit of its own: its runs neither count nor wait. */
const isBackfill = ({ trigger }: RunHeader): boolean => trigger.backfillId !== undefined;
const isActive = (run: Run, dagId: string): boolean => run.dagId === dagId && run.state === "running" && !isBackfill(run);

/** The scheduler's own admission, made from the records as the scheduler makes it when it starts. */
async function gateReasons(
  run: Run,
  graph: Graph,
  taskId: string,
  others: readonly { run: Run; graph: Graph }[],
  { pools, runs }: WhyPorts,
): Promise<Reason[]> {
  const admission = new Admission();
  admission.setPools(await pools.listPools(), []);
  if (graph.spec.tasks.some(dependsOnPast)) {
    const rows = await runs.listRuns({ dagId: run.dagId, limit: 500 });
    const before = rows.filter(row => comesBefore(row, run)).sort((a, b) => (comesBefore(a, b) ? 1 : -1))[0];
    const past = before && (await runs.getRun(before.id));
    if (past) admission.rememberPast(past, others.find(one => one.run.id === past.id)?.graph);
  }
  for (const other of others) admission.remember(other.run, other.graph);
  return admission.reasons(run.id, taskId);
}

function queuesOf(workers: Awaited<ReturnType<Ports["workers"]["listWorkers"]>>): WhyView["queues"] {
  const queues = new Map<string, { held: number; capacity: number }>();
  for (const { state, concurrency, held, queues: own = [{ name: DEFAULT_QUEUE, concurrency, held }] } of workers) {
    if (state !== "running") continue;
    for (const queue of own) {
      const known = queues.get(queue.name) ?? { held: 0, capacity: 0 };
      queues.set(queue.name, { held: known.held + queue.held, capacity: known.capacity + queue.concurrency });
    }
  }
  return queues;
}

/** Who cleared the task since it last began. */
function clearedBy(history: readonly HistoryEntry[], taskId: string): string | undefined {
  for (const entry of history.toReversed()) {
    if (entry.type === "try.began" && entry.taskId === taskId) return undefined;
    const act = entry.act as { type?: unknown; tasks?: unknown } | undefined;
    if (entry.type === "run.acted" && act?.type === "clear" && Array.isArray(act.tasks) && act.tasks.includes(taskId)) {
      return String(entry.by);
    }
  }
  return undefined;
}
