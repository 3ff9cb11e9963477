import { ADHOC_DAG } from "#core/dag-spec.ts";
import { backstopSeconds } from "#core/pod/backstop.ts";
import { layerProblems } from "#core/pod/check-layers.ts";
import { layersOfTask } from "#core/pod/pod-layers.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import { findLiteralSecrets } from "#sdk/find-literal-secrets.ts";
import { ApiError } from "./http/api-error.ts";

/**
 * What is written into a spec is kept in Redis for as long as the run is.
 * @throws ApiError with a pointer to every literal that looks like a secret, and no value
 */
export function refuseSecrets(body: object): void {
  const errors = findLiteralSecrets(body).map(({ path, reason }) => ({
    in: "body" as const,
    pointer: `#/${path.join("/")}`,
    detail: `looks like a secret: ${reason}`,
  }));
  if (errors.length === 0) return;
  throw new ApiError(
    "WL_DAG_LITERAL_SECRET",
    `${errors.map(error => error.pointer).join(", ")}: send { "secret": name, "key": key }, or { "plain": value } if it is no secret`,
    { errors },
  );
}

/**
 * Said now, not by a worker when the run has begun.
 * @param pointerOf from a pointer into the task's pod to one into the body
 * @throws ApiError naming every protected field that is set
 */
export function refuseProtectedFields(task: TaskSpec, dagId: string, pointerOf: (pointer: string) => string): void {
  if (task.operator !== "pod") return;
  const most = task.timeoutMs === undefined ? undefined : backstopSeconds(task.timeoutMs, task.startTimeoutMs);
  const problems = layerProblems(layersOfTask(task.pod, undefined), most, dagId === ADHOC_DAG);
  if (problems.length === 0) return;
  const errors = problems.map(({ pointer, message }) => ({ in: "body" as const, pointer: pointerOf(pointer), detail: message }));
  throw new ApiError("WL_POD_PROTECTED", problems.map(({ message }) => message).join("; "), { errors });
}
