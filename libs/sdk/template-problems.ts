import type { DagSpec } from "#core/dag-spec.ts";
import type { Place } from "#core/errors.ts";
import { WindlassError } from "#core/errors.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import { isTemplate } from "#core/template/parse-text.ts";
import { type PathPlace, pathProblem } from "#core/template/path-problem.ts";
import { pathsOf, pathText } from "#core/template/paths.ts";
import { taskParts } from "#core/template/task-texts.ts";
import { textsIn } from "#core/template/texts.ts";
import type { Problem } from "./problem.ts";

/** What is wrong with the `{{ … }}` of a DAG: what cannot be read, and names that nothing will stand for. */
export function templateProblems(spec: DagSpec): Problem[] {
  const tasks = new Map(spec.tasks.map(task => [task.id, task]));
  const dag = { dag: spec, tasks, reader: "worker" as const };
  const own = { podDefaults: spec.podDefaults, ...spec.notices, deadlines: spec.deadlines };
  return [...textProblems(own, { owner: "", place: dag, where: {} }), ...spec.tasks.flatMap(task => taskProblems(task, dag))];
}

function taskProblems(task: TaskSpec, dag: PathPlace): Problem[] {
  const where = task.source ?? {};
  const owner = `task '${task.id}': `;
  const parts = taskParts(task).flatMap(({ field, value, reader }) =>
    // What is written of a pod are the task's own options.
    textProblems(field === "pod" ? value : { [field]: value }, { owner, place: { ...dag, task, reader }, where }),
  );
  // A notice is written when the task has ended, and may name the task itself.
  const notices = textProblems(task.notices, { owner, place: dag, where });
  const isNamed = task.operator === "pod" && task.pod.name !== undefined && isTemplate(task.pod.name);
  const message = `${owner}option name: the head of the pod's name is computed before a try, so {{ … }} cannot stand in it`;
  return [...parts, ...notices, ...(isNamed ? [{ code: "WL_TEMPLATE" as const, message, place: where }] : [])];
}

interface Around {
  owner: string;
  place: PathPlace;
  where: Place;
}

function textProblems(value: unknown, { owner, place, where }: Around): Problem[] {
  const problems: Problem[] = [];
  for (const [text, at] of textsIn(value)) {
    if (!isTemplate(text)) continue;
    for (const why of sentences(text, place))
      problems.push({ code: "WL_TEMPLATE", message: `${owner}option ${at.join(".")}: ${why}`, place: where });
  }
  return problems;
}

function sentences(text: string, place: PathPlace): string[] {
  try {
    return pathsOf(text).flatMap(path => {
      const problem = pathProblem(path, place);
      return problem === undefined ? [] : [`{{ ${pathText(path)} }}: ${problem}`];
    });
  } catch (error) {
    if (error instanceof WindlassError && error.code === "WL_TEMPLATE") return [error.message];
    throw error;
  }
}

/** The tasks whose results or states a task's texts name, and which therefore run before it. */
export function namedTasks(task: Pick<TaskSpec, "operator" | "map">): Set<string> {
  const named = new Set<string>();
  for (const { value } of taskParts(task)) {
    for (const [text] of textsIn(value)) {
      if (!isTemplate(text)) continue;
      for (const [root, id] of readable(text)) if (root === "tasks" && id !== undefined) named.add(String(id));
    }
  }
  return named;
}

/** What cannot be read is reported with the other mistakes. */
function readable(text: string): ReturnType<typeof pathsOf> {
  try {
    return pathsOf(text);
  } catch (error) {
    if (error instanceof WindlassError && error.code === "WL_TEMPLATE") return [];
    throw error;
  }
}
