import type { V1EnvVarSource } from "@kubernetes/client-node";

/** A field of the task's own pod as a variable: fieldRef("metadata.name"), "spec.nodeName", "status.podIP", "metadata.labels['team']". */
export const fieldRef = (fieldPath: string): V1EnvVarSource => ({ fieldRef: { fieldPath } });

/**
 * A request or limit of a container as a variable: resourceFieldRef("limits.memory", { divisor: "1Mi" }).
 * @param options.container default: the task's own
 */
export const resourceFieldRef = (resource: string, options: { divisor?: string; container?: string } = {}): V1EnvVarSource => ({
  resourceFieldRef: {
    resource,
    ...(options.divisor === undefined ? {} : { divisor: options.divisor }),
    ...(options.container === undefined ? {} : { containerName: options.container }),
  },
});
