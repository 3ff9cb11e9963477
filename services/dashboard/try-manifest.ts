import type { DagSpec } from "#core/dag-spec.ts";
import type { TryKey } from "#core/ids.ts";
import { printPodYaml } from "#core/pod/print-pod-yaml.ts";
import type { JsonValue } from "#core/result.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import type { RenderedTexts } from "#core/template/rendered-texts.ts";
import { mapTexts } from "#core/template/texts.ts";
import { type PodManifest, type PodSettings, renderTry } from "#kube/manifest.ts";
import { podRequestOf } from "#kube/pod-request.ts";

type PodTask = Extract<TaskSpec, { operator: "pod" }>;

export interface TryManifest {
  manifest: PodManifest;
  yaml: string;
  /** A text was too long to be kept whole, or to be kept at all. */
  isCut: boolean;
}

/** The pod of a try as its worker made it: from the version, the texts as they were rendered then, and the workers' settings of today. */
export function tryManifest(
  task: PodTask,
  { podDefaults }: Pick<DagSpec, "podDefaults">,
  key: TryKey,
  rendered: RenderedTexts,
  settings: PodSettings,
): TryManifest {
  let isCut = false;
  const fill = <T>(part: T, name: string): T =>
    mapTexts(part as JsonValue, (text, place) => {
      if (!text.includes("{{")) return text;
      const shown = rendered[[name, ...place].join(".")];
      isCut ||= shown === undefined || shown.endsWith("…");
      return shown ?? text;
    }) as T;
  const own = { ...task, pod: fill(task.pod, "pod") };
  const defaults = podDefaults === undefined ? undefined : fill(podDefaults, "podDefaults");
  const { manifest, provenance } = renderTry(podRequestOf(own, defaults, key, settings));
  return { manifest, yaml: printPodYaml(manifest, provenance()), isCut };
}
