import type { V1EnvFromSource, V1EnvVarSource } from "@kubernetes/client-node";
import type { Mount } from "#core/pod/pod-spec.ts";
import { type FileOptions, fileItems } from "./file-items.ts";

/** The short form of {@link configMap.env}. */
export function configMap(name: string, key: string, options: { optional?: boolean } = {}): V1EnvVarSource {
  return { configMapKeyRef: { name, key, ...options } };
}

/**
 * One key of a ConfigMap in the task's namespace, as the value of a variable.
 *
 *     env: { LEVEL: configMap.env("settings", "level") }
 *     envFrom: [configMap.envFrom("settings")]
 *     mounts: [configMap.file("settings", { path: "/etc/app" })]
 */
configMap.env = (name: string, key: string, options: { optional?: boolean } = {}): V1EnvVarSource =>
  configMap(name, key, options);

/** Every key of the ConfigMap as a variable, its name behind the prefix. Default: no prefix. */
configMap.envFrom = (name: string, prefix?: string): V1EnvFromSource => ({
  ...(prefix === undefined ? {} : { prefix }),
  configMapRef: { name },
});

/** The ConfigMap's keys as read-only files in the directory `path`. */
configMap.file = (name: string, { path, ...options }: FileOptions): Mount => ({
  path,
  source: { configMap: { name, ...fileItems(options) } },
});
