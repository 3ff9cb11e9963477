import { descendants, type Graph } from "./graph.ts";
import { instanceId, specIdOf } from "./instance-id.ts";
import { type Run, type TaskState, taskOf } from "./run.ts";

/** Which tasks of a run a person means. */
export interface TaskChoice {
  /** Tasks of the DAG, or instances of mapped ones. Absent: all. */
  tasks?: readonly string[] | undefined;
  /** And all that comes after them. */
  downstream?: boolean | undefined;
  /** And all that comes before them. */
  upstream?: boolean | undefined;
  /** Of these only what has not ended well. */
  failedOnly?: boolean | undefined;
}

const NOT_BEGUN: ReadonlySet<TaskState> = new Set(["none", "scheduled"]);
const ENDED_BADLY: ReadonlySet<TaskState> = new Set(["failed", "upstream_failed", "cancelled"]);

/**
 * The tasks that have begun or ended and are meant, in the order of the DAG's file. What a task needs around it comes along: its setups,
 * and the teardowns of these, whatever their states. A mapped task stands for its instances; of one that is to be repeated where it failed, the
 * instances are named.
 */
export function selectTasks(graph: Graph, run: Run, choice: TaskChoice): string[] {
  const states: ReadonlySet<TaskState> | undefined = choice.failedOnly ? ENDED_BADLY : undefined;
  const isMeant = (id: string): boolean => {
    const { state } = taskOf(run, id);
    return states === undefined ? !NOT_BEGUN.has(state) : states.has(state);
  };
  const named = new Map<string, string[]>();
  for (const id of specIdsOf(graph, choice)) {
    const ids = instancesMeant(id, run, choice).filter(isMeant);
    if (ids.length > 0) named.set(id, ids);
  }
  for (const id of around(graph, named.keys())) {
    if (!named.has(id) && !NOT_BEGUN.has(taskOf(run, id).state)) named.set(id, [id]);
  }
  return [...graph.tasks.keys()].flatMap(id => named.get(id) ?? []);
}

function specIdsOf(graph: Graph, { tasks, downstream, upstream }: TaskChoice): Set<string> {
  if (tasks === undefined) return new Set(graph.tasks.keys());
  const ids = new Set(tasks.map(specIdOf).filter(id => graph.tasks.has(id)));
  const after = downstream ? descendants(graph, ids) : [];
  const before = upstream ? ancestors(graph, ids) : [];
  return new Set([...ids, ...after, ...before]);
}

/** The task itself, or the instances that stand for it. */
function instancesMeant(id: string, run: Run, { tasks, failedOnly }: TaskChoice): string[] {
  const chosen = tasks?.filter(taskId => specIdOf(taskId) === id) ?? [];
  if (chosen.length > 0 && !chosen.includes(id)) return [...new Set(chosen)];
  const { count = 0 } = taskOf(run, id);
  if (!failedOnly || count === 0) return [id];
  return Array.from({ length: count }, (_, index) => instanceId(id, index));
}

/** All that comes before the tasks, directly or not. */
function ancestors(graph: Graph, taskIds: Iterable<string>): Set<string> {
  const found = new Set<string>();
  const open = [...taskIds];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const up of graph.tasks.get(id)?.upstream ?? []) {
      if (found.has(up) || !graph.tasks.has(up)) continue;
      found.add(up);
      open.push(up);
    }
  }
  return found;
}

/** The setups that the tasks lie behind and whose teardowns they lie before, and these teardowns. */
function around(graph: Graph, taskIds: Iterable<string>): Set<string> {
  const teardownsOf = new Map<string, string[]>();
  for (const { id, setup } of graph.tasks.values()) if (setup) teardownsOf.set(id, []);
  for (const { id, teardown } of graph.tasks.values()) for (const of of teardown?.of ?? []) teardownsOf.get(of)?.push(id);
  const found = new Set<string>();
  if (teardownsOf.size === 0) return found;
  for (const id of taskIds) {
    const [before, after] = [ancestors(graph, [id]), descendants(graph, [id])];
    for (const [setup, teardowns] of teardownsOf) {
      const isInside = before.has(setup) && (teardowns.length === 0 || teardowns.some(teardown => after.has(teardown)));
      if (setup !== id && !isInside) continue;
      for (const one of [setup, ...teardowns]) found.add(one);
    }
  }
  return found;
}
