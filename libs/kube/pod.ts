import type { PodRef } from "#core/outcome.ts";
import { MAIN_CONTAINER } from "#core/pod/task-pod.ts";

/**
 * The part of a Kubernetes pod that Windlass reads, as the API's own JSON: instants are RFC 3339 strings.
 * {@link trimPod} makes it from a whole pod; a cached pod costs 2 KB instead of 20.
 */
export interface Pod {
  metadata: PodMetadata;
  spec: TrimmedPodSpec;
  status: PodStatus;
}

export interface PodMetadata {
  name: string;
  namespace: string;
  uid: string;
  resourceVersion: string;
  creationTimestamp?: string;
  /** When the pod has to be gone: the instant of the request plus its grace. */
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Readonly<Record<string, string>>;
  annotations?: Readonly<Record<string, string>>;
  finalizers?: readonly string[];
}

export interface TrimmedPodSpec {
  nodeName?: string;
  containers: readonly TrimmedContainer[];
  initContainers?: readonly TrimmedContainer[];
}

export interface TrimmedContainer {
  name: string;
  image?: string;
  /** "Always" on an init container makes it a sidecar. */
  restartPolicy?: string;
  resources?: { limits?: Readonly<Record<string, string>> };
}

export interface PodStatus {
  phase?: string;
  reason?: string;
  message?: string;
  startTime?: string;
  conditions?: readonly PodCondition[];
  containerStatuses?: readonly ContainerStatus[];
  initContainerStatuses?: readonly ContainerStatus[];
}

export interface PodCondition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string;
}

export interface ContainerStatus {
  name: string;
  /** The digest of the image; empty until it was pulled. */
  imageID?: string;
  restartCount?: number;
  /** It runs, and its startup probe has passed. Of a sidecar: the containers behind it may start. */
  started?: boolean;
  state?: ContainerState;
  lastState?: ContainerState;
}

export interface ContainerState {
  waiting?: { reason?: string; message?: string };
  running?: { startedAt?: string };
  terminated?: Terminated;
}

export interface Terminated {
  exitCode: number;
  reason?: string;
  message?: string;
  startedAt?: string;
  finishedAt?: string;
}

export { MAIN_CONTAINER };

/** kubectl keeps the whole manifest in it. */
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** The named properties that are there. */
function pick<T extends object, K extends keyof T>(from: T, ...keys: readonly K[]): Pick<T, K> {
  const out = {} as Pick<T, K>;
  for (const key of keys) if (from[key] !== undefined) out[key] = from[key];
  return out;
}

/** Any pod of the API, reduced to what Windlass reads. The argument is not changed and not kept. */
export function trimPod(raw: Pod): Pod {
  const { metadata, spec, status } = raw;
  const containers = (list: readonly TrimmedContainer[]) => list.map(trimContainer);
  const statuses = (list: readonly ContainerStatus[]) =>
    list.map(item => pick(item, "name", "imageID", "restartCount", "started", "state", "lastState"));
  return {
    metadata: {
      ...pick(metadata, "name", "namespace", "uid", "resourceVersion", "creationTimestamp", "deletionTimestamp"),
      ...pick(metadata, "deletionGracePeriodSeconds", "labels", "finalizers"),
      ...(metadata.annotations && { annotations: withoutKey(metadata.annotations, LAST_APPLIED) }),
    },
    spec: {
      ...pick(spec, "nodeName"),
      containers: containers(spec.containers),
      ...(spec.initContainers && { initContainers: containers(spec.initContainers) }),
    },
    status: {
      ...pick(status ?? {}, "phase", "reason", "message", "startTime", "conditions"),
      ...(status?.containerStatuses && { containerStatuses: statuses(status.containerStatuses) }),
      ...(status?.initContainerStatuses && { initContainerStatuses: statuses(status.initContainerStatuses) }),
    },
  };
}

const trimContainer = (container: TrimmedContainer): TrimmedContainer => ({
  ...pick(container, "name", "image", "restartPolicy"),
  ...(container.resources?.limits && { resources: { limits: container.resources.limits } }),
});

function withoutKey(record: Readonly<Record<string, string>>, key: string): Readonly<Record<string, string>> {
  if (!(key in record)) return record;
  const { [key]: _, ...rest } = record;
  return rest;
}

/** Where the pod is, for the record. */
export const podRef = ({ metadata, spec }: Pod): PodRef => ({
  ...pick(metadata, "namespace", "name", "uid"),
  ...(spec.nodeName === undefined ? {} : { node: spec.nodeName }),
});

export const containerStatus = (pod: Pod, name: string): ContainerStatus | undefined =>
  pod.status.containerStatuses?.find(status => status.name === name) ??
  pod.status.initContainerStatuses?.find(status => status.name === name);

/** A native sidecar: an init container that is started again whenever it ends. */
export const isSidecar = ({ spec }: Pod, name: string): boolean =>
  spec.initContainers?.some(init => init.name === name && init.restartPolicy === "Always") ?? false;

/** How the named container ended; undefined while it has not. */
export const terminatedState = (pod: Pod, name: string = MAIN_CONTAINER): Terminated | undefined =>
  containerStatus(pod, name)?.state?.terminated;
