import type { TryKey } from "#core/ids.ts";
import type { PodPatch } from "#core/pod/pod-patch.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import type { PodRequest, PodSettings } from "./manifest.ts";
import { notesOf } from "./pod-notes.ts";

/** All that decides what the pod of a task's try is: who shows it beforehand asks for the same as who creates it. */
export function podRequestOf(
  { pod, timeoutMs, startTimeoutMs, memoryGrowth, ...task }: Extract<TaskSpec, { operator: "pod" }>,
  podDefaults: PodPatch | undefined,
  key: TryKey,
  settings: PodSettings,
): PodRequest {
  return { pod, podDefaults, key, timeoutMs, startTimeoutMs, memoryGrowth, notes: notesOf(task), settings };
}
