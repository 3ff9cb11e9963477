import { KeptLogs, type TaskSpec } from "#core/task-spec.ts";
import type { PodManifest } from "#kube/manifest.ts";
import type { Pod } from "#kube/pod.ts";

/** Which containers' logs the task wants kept. On the pod itself: whoever finds it needs no record to know. */
const LOGS_ANNOTATION = "windlass.dev/logs";

/** The manifest with the task's wish on it; the same manifest when there is none. */
export function noteKeptLogs(manifest: PodManifest, task: TaskSpec): PodManifest {
  if (task.operator !== "pod" || task.logs === undefined) return manifest;
  const { metadata } = manifest;
  const annotations = { ...metadata.annotations, [LOGS_ANNOTATION]: JSON.stringify(task.logs) };
  return { ...manifest, metadata: { ...metadata, annotations } };
}

/** Whether a container's log is to be kept. A pod that says nothing has all of them kept. */
export function keepsLogOf({ metadata }: Pod): (container: string) => boolean {
  const wish = readWish(metadata.annotations?.[LOGS_ANNOTATION]);
  return name => (typeof wish === "boolean" ? wish : wish.includes(name));
}

function readWish(text: string | undefined): KeptLogs {
  if (text === undefined) return true;
  try {
    return KeptLogs.parse(JSON.parse(text));
  } catch {
    return true; // somebody has changed it by hand
  }
}
