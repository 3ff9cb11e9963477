import { AfterEnd } from "#core/after-end.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import type { PodManifest } from "#kube/manifest.ts";
import type { Pod } from "#kube/pod.ts";

/** What the task wants to become of its pod. On the pod itself: whoever finds it needs no record to know. */
const AFTER_END_ANNOTATION = "windlass.dev/after-end";

/** The manifest with the task's wish on it; the same manifest when there is none. */
export function noteAfterEnd(manifest: PodManifest, task: TaskSpec): PodManifest {
  const wish = afterEndOf(task);
  if (Object.keys(wish).length === 0) return manifest;
  const { metadata } = manifest;
  const annotations = { ...metadata.annotations, [AFTER_END_ANNOTATION]: JSON.stringify(wish) };
  return { ...manifest, metadata: { ...metadata, annotations } };
}

/** Reads the wish; a pod without one, or with one that cannot be read, is the site's matter. */
export function readAfterEnd({ metadata }: Pod): AfterEnd {
  const text = metadata.annotations?.[AFTER_END_ANNOTATION];
  if (text === undefined) return {};
  try {
    return AfterEnd.parse(JSON.parse(text));
  } catch {
    return {}; // somebody has changed it by hand
  }
}

export function afterEndOf(task: TaskSpec): AfterEnd {
  if (task.operator !== "pod") return {};
  const { onFinish, keepForMs, onKill } = task;
  return {
    ...(onFinish === undefined ? {} : { onFinish }),
    ...(keepForMs === undefined ? {} : { keepForMs }),
    ...(onKill === undefined ? {} : { onKill }),
  };
}
