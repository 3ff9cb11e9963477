import type { ProblemError } from "#contract/problem.ts";
import { EVERY_TASK, type PodOverride, type RunOverride } from "#contract/run-override.ts";
import type { DagSpec } from "#core/dag-spec.ts";
import type { PodPatch } from "#core/pod/pod-patch.ts";
import type { PodSpec } from "#core/pod/pod-spec.ts";
import { podOfTask } from "#core/pod/task-pod.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import { ApiError } from "./http/api-error.ts";
import { inputError } from "./http/check.ts";
import { podPartOf } from "./pod-part.ts";
import { refuseProtectedFields, refuseSecrets } from "./refuse-pod.ts";

/**
 * The DAG as one run has it.
 * @param allowed the options that the installation lets runs override
 * @throws ApiError for an option that is not allowed, a task that is not there, a literal secret, a protected field
 */
export function withOverride(spec: DagSpec, override: RunOverride, allowed: ReadonlySet<string>): DagSpec {
  refuseOptions(override, allowed);
  refuseTasks(override, spec);
  refuseSecrets({ override });
  const tasks = spec.tasks.map(task => overridden(task, { ...override[EVERY_TASK], ...override[task.id] }));
  for (const task of tasks) {
    const entry = override[task.id] === undefined ? EVERY_TASK : task.id;
    refuseProtectedFields(task, spec.id, pointer => pointer.replace(/^\/override/, `#/override/${entry}`));
  }
  return { ...spec, tasks };
}

function overridden(task: TaskSpec, options: PodOverride): TaskSpec {
  if (task.operator !== "pod" || Object.keys(options).length === 0) return task;
  const runOverride = podOfTask(podPartOf(options) as PodSpec) as PodPatch;
  return { ...task, pod: { ...task.pod, runOverride } };
}

function refuseOptions(override: RunOverride, allowed: ReadonlySet<string>): void {
  const errors = Object.entries(override).flatMap(([taskId, options]) =>
    Object.keys(options)
      .filter(option => !allowed.has(option))
      .map(
        (option): ProblemError => ({ in: "body", pointer: `#/override/${taskId}/${option}`, detail: "may not be overridden" }),
      ),
  );
  if (errors.length === 0) return;
  const options = [...new Set(errors.map(({ pointer }) => pointer.split("/").at(-1)))].join(", ");
  const may = allowed.size === 0 ? "nothing" : [...allowed].join(", ");
  throw new ApiError("WL_RUN_OVERRIDE", `a run may override ${may}, not ${options}`, { errors });
}

function refuseTasks(override: RunOverride, { id, tasks }: DagSpec): void {
  const pods = new Set(tasks.filter(({ operator }) => operator === "pod").map(task => task.id));
  const unknown = Object.keys(override).filter(taskId => taskId !== EVERY_TASK && !pods.has(taskId));
  if (unknown.length === 0) return;
  const detail = `is no task of DAG '${id}' that has a pod`;
  throw inputError(unknown.map(taskId => ({ in: "body", pointer: `#/override/${taskId}`, detail })));
}
