import type { PodSettings } from "#kube/manifest.ts";
import { type Environment, readConfig } from "#runtime/config.ts";
import { WorkerConfig } from "../../worker/config.ts";

const PlanConfig = WorkerConfig.pick({
  WINDLASS_NAMESPACE: true,
  WINDLASS_INSTANCE: true,
  WINDLASS_POD_TEMPLATE: true,
  WINDLASS_PLUGINS: true,
});

/** What the workers add to every pod, read from the variables that they would read. @throws ConfigError, WL_CONFIG, WL_PLUGIN */
export async function readPodSettings(env: Environment, namespace?: string): Promise<PodSettings> {
  const config = readConfig(PlanConfig, env);
  const [{ readPodTemplate }, { loadPlugins, mutatorsOf }] = await Promise.all([
    import("#kube/read-pod-template.ts"),
    import("../../worker/plugins/load-plugins.ts"),
  ]);
  const { WINDLASS_POD_TEMPLATE: file } = config;
  const template = file === undefined ? undefined : await readPodTemplate(file);
  return {
    defaultNamespace: namespace ?? config.WINDLASS_NAMESPACE,
    instance: config.WINDLASS_INSTANCE,
    ...(template === undefined ? {} : { template }),
    mutators: mutatorsOf(await loadPlugins(config.WINDLASS_PLUGINS)),
  };
}
