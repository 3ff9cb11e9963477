import type { V1EnvVar, V1Volume } from "@kubernetes/client-node";
import { hash32 } from "../hash.ts";
import type { EnvValue } from "./env-value.ts";
import { isObject, type JsonObject } from "./object-fields.ts";
import { CONTAINER_FIELDS, type Mount, POD_FIELDS, type PodSpec } from "./pod-spec.ts";

/** The container that is the task. Everything else in a pod serves it. */
export const MAIN_CONTAINER = "main";

/** The pod fields that Kubernetes calls otherwise. */
const RENAMED: Readonly<Record<string, string>> = {
  containerSecurityContext: "securityContext",
  serviceAccount: "serviceAccountName",
};

/** Kubernetes' name of a pod task's field, where it stands in `main` or in the pod's spec. */
export const kubeName = (field: string): string => RENAMED[field] ?? field;

/** The task's own fields as a part of a pod: the layer between the DAG's defaults and the task's override. */
export function podOfTask(spec: PodSpec): JsonObject {
  const { labels, annotations, mounts = [], env, initContainers = [], sidecars = [], extraContainers = [] } = spec;
  const main = {
    name: MAIN_CONTAINER,
    ...pick(spec, CONTAINER_FIELDS),
    ...(env === undefined ? {} : { env: envVars(env) }),
    ...list("volumeMounts", [...(spec.volumeMounts ?? []), ...mounts.map(mountOf)]),
  };
  return {
    metadata: { ...(labels && { labels }), ...(annotations && { annotations }) },
    spec: {
      ...pick(spec, POD_FIELDS),
      ...list("volumes", [...(spec.volumes ?? []), ...mounts.map(volumeOf)]),
      ...list("initContainers", [...initContainers, ...sidecars.map(sidecar => ({ ...sidecar, restartPolicy: "Always" }))]),
      containers: [main, ...extraContainers],
    },
  };
}

function pick(spec: PodSpec, fields: readonly (keyof PodSpec)[]): JsonObject {
  const known = fields.filter(field => spec[field] !== undefined && field !== "env");
  return Object.fromEntries(known.map(field => [kubeName(field), spec[field]]));
}

/** An absent list stays absent. */
const list = (field: string, items: readonly unknown[]): JsonObject => (items.length === 0 ? {} : { [field]: items });

/** Variables as Kubernetes lists them, in the order they were written: a later one may use $(AN_EARLIER_ONE). */
export const envVars = (env: Readonly<Record<string, EnvValue>>): V1EnvVar[] =>
  Object.entries(env).map(([name, value]) => {
    if (typeof value === "string") return { name, value };
    if (!("secret" in value)) return { name, valueFrom: value };
    const { secret, key, optional } = value;
    return { name, valueFrom: { secretKeyRef: { name: secret, key, ...(optional === undefined ? {} : { optional }) } } };
  });

/** Sources that are read-only anyway. */
const READ_ONLY = ["secret", "configMap", "projected", "downwardAPI"];

function mountOf({ path, subPath, readOnly, ...mount }: Mount): JsonObject {
  const isReadOnly = readOnly ?? READ_ONLY.some(source => isObject(mount.source) && source in mount.source);
  return {
    name: volumeName({ path, ...mount }),
    mountPath: path,
    ...(subPath === undefined ? {} : { subPath }),
    ...(isReadOnly ? { readOnly: true } : {}),
  };
}

const volumeOf = (mount: Mount): V1Volume => ({ name: volumeName(mount), ...mount.source });

/** Two paths that look alike without their special characters must not share a volume. */
function volumeName({ name, path }: Pick<Mount, "name" | "path">): string {
  if (name !== undefined) return name;
  const slug = path
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return `/${slug.replaceAll("-", "/")}` === path && slug.length <= 50
    ? `mount-${slug}`
    : `mount-${slug.slice(0, 45)}-${hash32(path, 6)}`;
}
