import { nearest } from "#core/nearest.ts";
import { MAX_INSTANCES, type TaskSpec, type TaskSpecInput } from "#core/task-spec.ts";

/** A task with its edges; defaults may be missing. */
export type EdgedTask = TaskSpecInput & Pick<TaskSpec, "upstream">;

interface DagView {
  id?: string | undefined;
  tasks: ReadonlyMap<string, EdgedTask>;
}

/** One thing that can be wrong with a task that has the right shape; sentences, [] when it is right. */
type TaskRule = (task: EdgedTask, dag: DagView) => string[];

/** What a shape cannot say. */
const RULES: readonly TaskRule[] = [branchTargets, setupAndTeardown, mapping, waiting, deciding];

/** Everything that is wrong with one task as a part of its DAG. */
export function taskProblems(task: EdgedTask, dag: DagView): string[] {
  return RULES.flatMap(rule => rule(task, dag)).map(sentence => `task '${task.id}': ${sentence}`);
}

function branchTargets(task: EdgedTask, { tasks }: DagView): string[] {
  if (task.operator !== "branch") return [];
  const named = new Set([...task.cases.flatMap(({ to }) => to), ...(task.otherwise ?? [])]);
  return [...named].flatMap(id => {
    const target = tasks.get(id);
    if (target?.upstream.includes(task.id)) return [];
    if (target !== undefined) return [`a branch chooses among what comes directly after it, and '${id}' does not`];
    return [`a case names '${id}', which is no task of this DAG${meant(id, tasks)}`];
  });
}

function setupAndTeardown(task: EdgedTask, { tasks }: DagView): string[] {
  if (task.teardown === undefined) return [];
  const both = task.setup === true ? ["cannot be both setup and teardown"] : [];
  return [
    ...both,
    ...task.teardown.of.flatMap(id => {
      const setup = tasks.get(id);
      if (setup === undefined) return [`is the teardown of '${id}', which is no task of this DAG${meant(id, tasks)}`];
      if (id !== task.id && !task.upstream.includes(id))
        return [`is the teardown of '${id}' and has to come directly after it, too`];
      return setup.setup === true ? [] : [`is the teardown of '${id}', which is no setup: call asSetup() on it`];
    }),
  ];
}

function mapping({ map, triggerRule, operator }: EdgedTask): string[] {
  if (map === undefined) return [];
  const long = Array.isArray(map.over) && map.over.length > MAX_INSTANCES;
  return [
    ...(long ? [`a list of ${map.over.length} items is too long; at most ${MAX_INSTANCES}`] : []),
    ...(triggerRule === "always" ? ["a mapped task cannot have the trigger rule 'always': its list would not be known yet"] : []),
    ...(operator === "pod" ? [] : [`a task of operator '${operator}' cannot be mapped`]),
  ];
}

function waiting(task: EdgedTask, dag: DagView): string[] {
  if (task.operator !== "wait") return [];
  const target = task.for;
  if (target.kind === "time" && (target.until === undefined) === (target.afterMs === undefined))
    return ["a wait for a time needs either at or after"];
  const isItself = target.kind === "run" && target.dag === dag.id && (target.offsetMs ?? 0) === 0 && target.task === undefined;
  return isItself ? ["waits for the run that it is part of; give it an offset, or a task"] : [];
}

function deciding(task: EdgedTask): string[] {
  if (task.operator !== "approval") return [];
  const taken = (task.options ?? []).filter(option => option === "approve" || option === "reject");
  return [
    ...(task.onTimeout !== undefined && task.timeoutMs === undefined ? ["option onTimeout needs a timeout"] : []),
    ...taken.map(option => `'${option}' is always an answer; leave it out of options`),
  ];
}

/** Looks for the nearest id only among DAGs of a size that people write: comparing all words of a long list takes long. */
function meant(id: string, tasks: ReadonlyMap<string, unknown>): string {
  const close = tasks.size > 1_000 ? undefined : nearest(id, [...tasks.keys()]);
  return close === undefined ? "" : `; did you mean '${close}'?`;
}
