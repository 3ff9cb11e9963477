import { quantityValue } from "../api/quantity.ts";
import type { Container, EnvVar, KeyRef, Pod } from "../pod.ts";
import type { KubeObject } from "../store/kube-object.ts";

/** Finds a secret or config map of the pod's namespace. */
export type Lookup = (resource: "secrets" | "configmaps", name: string) => KubeObject | undefined;

/** The container's configuration cannot be put together; the message is what a kubelet says. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

const LABELS = { secrets: ["secret", "Secret"], configmaps: ["configmap", "ConfigMap"] } as const;

/** The decoded entries of a secret or config map. */
export function entriesOf(resource: "secrets" | "configmaps", object: KubeObject): Record<string, string> {
  const data = (object.data as Record<string, string> | undefined) ?? {};
  if (resource === "configmaps") return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
}

/** `$(NAME)` becomes the variable's value, `$$(NAME)` stays as `$(NAME)`, an unknown name stays as it is. */
export const expand = (text: string, variables: Record<string, string>): string =>
  text.replace(/\$(\$|\(([^()]*)\))/g, (whole, rest: string, name: string | undefined) =>
    rest === "$" ? "$" : (variables[name!] ?? whole),
  );

/** The variables a container's `envFrom` and `env` define. Throws {@link ConfigError} for what is missing and not optional. */
export function containerEnv(pod: Pod, container: Container, lookup: Lookup): Record<string, string> {
  const env: Record<string, string> = {};
  for (const { prefix = "", secretRef, configMapRef } of container.envFrom ?? []) {
    const reference = secretRef ?? configMapRef;
    if (reference === undefined) continue;
    const resource = secretRef ? "secrets" : "configmaps";
    const entries = referenced(resource, reference, lookup) ?? {};
    for (const [key, value] of Object.entries(entries)) env[prefix + key] = value;
  }
  for (const variable of container.env ?? []) {
    const value = variableValue(variable, pod, container, env, lookup);
    if (value !== undefined) env[variable.name] = value;
  }
  return env;
}

function referenced(
  resource: "secrets" | "configmaps",
  { name, optional }: { name: string; optional?: boolean },
  lookup: Lookup,
) {
  const object = lookup(resource, name);
  if (object !== undefined) return entriesOf(resource, object);
  if (optional) return undefined;
  throw new ConfigError(`${LABELS[resource][0]} "${name}" not found`);
}

function keyed(resource: "secrets" | "configmaps", reference: KeyRef, namespace: string, lookup: Lookup): string | undefined {
  const value = referenced(resource, reference, lookup)?.[reference.key];
  if (value !== undefined || reference.optional) return value;
  throw new ConfigError(`couldn't find key ${reference.key} in ${LABELS[resource][1]} ${namespace}/${reference.name}`);
}

function variableValue(
  { value, valueFrom }: EnvVar,
  pod: Pod,
  container: Container,
  env: Record<string, string>,
  lookup: Lookup,
): string | undefined {
  const namespace = pod.metadata.namespace!;
  if (valueFrom?.secretKeyRef) return keyed("secrets", valueFrom.secretKeyRef, namespace, lookup);
  if (valueFrom?.configMapKeyRef) return keyed("configmaps", valueFrom.configMapKeyRef, namespace, lookup);
  if (valueFrom?.fieldRef) return fieldValue(pod, valueFrom.fieldRef.fieldPath);
  if (valueFrom?.resourceFieldRef) return resourceValue(pod, container, valueFrom.resourceFieldRef);
  return expand(value ?? "", env);
}

const FIELDS: Record<string, (pod: Pod) => string> = {
  "metadata.name": ({ metadata }) => metadata.name,
  "metadata.namespace": ({ metadata }) => metadata.namespace!,
  "metadata.uid": ({ metadata }) => metadata.uid,
  "spec.nodeName": ({ spec }) => spec.nodeName ?? "",
  "spec.serviceAccountName": ({ spec }) => spec.serviceAccountName ?? "default",
  "status.hostIP": ({ status }) => status.hostIP ?? "",
  "status.podIP": ({ status }) => status.podIP ?? "",
};

/** A field of the pod as the downward API gives it. */
export function fieldValue(pod: Pod, path: string): string {
  const keyed = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path);
  if (keyed) return pod.metadata[keyed[1] as "labels" | "annotations"]?.[keyed[2]!] ?? "";
  const read = FIELDS[path];
  if (read === undefined) throw new ConfigError(`unsupported fieldPath: ${path}`);
  return read(pod);
}

interface ResourceRef {
  resource: string;
  containerName?: string;
  divisor?: string | number;
}

/** `limits.cpu` and the like, divided and rounded up, as the downward API does. */
export function resourceValue(
  { spec }: Pod,
  container: Container | undefined,
  { resource, containerName, divisor }: ResourceRef,
): string {
  const owner = [...spec.containers, ...(spec.initContainers ?? [])].find(({ name }) => name === containerName) ?? container;
  const [kind, name] = resource.split(".") as ["limits" | "requests", string];
  const amount = owner?.resources?.[kind]?.[name] ?? 0;
  const unit = quantityValue(divisor ?? 1) || 1;
  return String(Math.ceil(quantityValue(amount) / unit));
}
