import type { PodPatch } from "#core/pod/pod-patch.ts";
import type { PodSettings } from "#kube/manifest.ts";
import type { Ports } from "./ports.ts";

/** What workers add to a pod, as far as it is known here. */
export interface KnownSettings {
  settings: PodSettings;
  /** What may differ from the pods that workers send, in sentences. */
  caveats: string[];
}

/** The settings of the worker that was started last; before there was one, the usual ones. */
export async function installationSettings({ podSettings }: Pick<Ports, "podSettings">): Promise<KnownSettings> {
  const stored = await podSettings.get();
  if (stored === undefined) {
    return {
      settings: { defaultNamespace: "default", instance: "windlass" },
      caveats: ["no worker has started yet: its namespace and its pod template are not known"],
    };
  }
  const { defaultNamespace, instance, template, plugins } = stored;
  return {
    settings: { defaultNamespace, instance, ...(template === undefined ? {} : { template: template as PodPatch }) },
    caveats: plugins.length === 0 ? [] : [`plugins may change the pod when it is created: ${plugins.join(", ")}`],
  };
}
