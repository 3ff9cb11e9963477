import { AfterEnd } from "#core/after-end.ts";
import { OWN_DOMAIN } from "#core/pod/protected-fields.ts";
import { KeptLogs, type TaskSpec } from "#core/task-spec.ts";
import type { Pod } from "./pod.ts";

type Wishes = Pick<Extract<TaskSpec, { operator: "pod" }>, "logs" | keyof AfterEnd>;

const AFTER_END = `${OWN_DOMAIN}after-end`;
const LOGS = `${OWN_DOMAIN}logs`;

/**
 * What the task wants to become of its pod and of its logs, as annotations: whoever finds the pod needs no record to know. What it
 * does not say is not noted.
 */
export function notesOf(task: Wishes): Record<string, string> {
  const wish = afterEndOf(task);
  return {
    ...(Object.keys(wish).length === 0 ? {} : { [AFTER_END]: JSON.stringify(wish) }),
    ...(task.logs === undefined ? {} : { [LOGS]: JSON.stringify(task.logs) }),
  };
}

export const afterEndOf = ({ onFinish, keepForMs, onKill }: Wishes): AfterEnd => ({
  ...(onFinish === undefined ? {} : { onFinish }),
  ...(keepForMs === undefined ? {} : { keepForMs }),
  ...(onKill === undefined ? {} : { onKill }),
});

/** What becomes of the pod; of one that does not say, or not legibly, it is the site's matter. */
export const readAfterEnd = (pod: Pod): AfterEnd => AfterEnd.safeParse(noteOn(pod, AFTER_END)).data ?? {};

/** Whether a container's log is to be kept. A pod that says nothing has all of them kept. */
export function keepsLogOf(pod: Pod): (container: string) => boolean {
  const wish = KeptLogs.safeParse(noteOn(pod, LOGS)).data ?? true;
  return name => (typeof wish === "boolean" ? wish : wish.includes(name));
}

function noteOn({ metadata }: Pod, annotation: string): unknown {
  try {
    return JSON.parse(metadata.annotations?.[annotation] ?? "null");
  } catch {
    return null; // somebody has changed it by hand
  }
}
