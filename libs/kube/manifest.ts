import type { V1Container, V1EnvVar, V1Pod, V1PodSpec } from "@kubernetes/client-node";
import type { EnvValue, PodSpec } from "#core/dag-spec.ts";
import { WindlassError } from "#core/errors.ts";
import { contentHash } from "#core/hash.ts";
import { labelValue, podName, type TryKey } from "#core/ids.ts";
import { MAIN_CONTAINER } from "./pod.ts";

/** Windlass' labels and annotations live under it; users cannot set them. */
const DOMAIN = "windlass.dev/";
const MANAGED_BY = "app.kubernetes.io/managed-by";

export const INSTANCE_LABEL = `${DOMAIN}instance`;
/** JSON of the {@link TryKey}: the proof that a pod is this try's. */
export const KEY_ANNOTATION = `${DOMAIN}key`;
export const SPEC_HASH_ANNOTATION = `${DOMAIN}spec-hash`;

/** A pod as it is sent to the API server. */
export interface PodManifest extends V1Pod {
  metadata: { name: string; namespace: string; labels: Record<string, string>; annotations: Record<string, string> };
  spec: V1PodSpec;
}

export interface PodSettings {
  /** Where pods run whose task names no namespace. */
  defaultNamespace: string;
  /** The installation's id: workers watch the pods that carry it. */
  instance: string;
  /** Added to every pod; a task's own labels win. */
  labels?: Readonly<Record<string, string>>;
}

export interface PodRequest {
  pod: PodSpec;
  key: TryKey;
  /** The try's execution limit; the worker enforces it, the pod gets a later one as a backstop. */
  timeoutMs?: number | undefined;
  settings: PodSettings;
}

const DEFAULT_REQUESTS: Readonly<Record<string, string>> = { cpu: "100m", memory: "128Mi" };
const DEFAULT_GRACE_SECONDS = 30;

/** Image pull and scheduling count against activeDeadlineSeconds: 1,200 s are left for them, 60 s for the worker to be first. */
const DEADLINE_MARGIN_SECONDS = 1_200 + 60;

/** "nonroot" of the distroless images; every image can run as it unless it insists on root. */
const UNPRIVILEGED_ID = 65_532;

/** Fit for the PodSecurity level "restricted". */
const POD_SECURITY = {
  runAsNonRoot: true,
  runAsUser: UNPRIVILEGED_ID,
  runAsGroup: UNPRIVILEGED_ID,
  fsGroup: UNPRIVILEGED_ID,
  seccompProfile: { type: "RuntimeDefault" },
};
const CONTAINER_SECURITY = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

/**
 * The pod of a try. Pure: the same request gives the same manifest, name included, wherever it is rendered.
 * @throws WL_DAG_TYPE when the task sets a label, annotation or variable that is Windlass' own
 */
export function renderPod({ pod, key, timeoutMs, settings }: PodRequest): PodManifest {
  const labels = { ...settings.labels, ...usersPart("labels", pod.labels, isOwnKey), ...labelsOf(key, settings.instance) };
  const annotations = usersPart("annotations", pod.annotations, isOwnKey);
  const spec: V1PodSpec = {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: pod.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS,
    ...(timeoutMs === undefined ? {} : { activeDeadlineSeconds: Math.ceil(timeoutMs / 1_000) + DEADLINE_MARGIN_SECONDS }),
    ...(pod.serviceAccount === undefined ? {} : { serviceAccountName: pod.serviceAccount }),
    ...(pod.nodeSelector === undefined ? {} : { nodeSelector: pod.nodeSelector }),
    ...(pod.tolerations === undefined ? {} : { tolerations: pod.tolerations as NonNullable<V1PodSpec["tolerations"]> }),
    securityContext: POD_SECURITY,
    containers: [mainContainer(pod, key)],
  };
  const name = podName(key, pod.name);
  const hash = contentHash({ labels, annotations, spec });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: pod.namespace ?? settings.defaultNamespace,
      labels,
      annotations: { ...annotations, [KEY_ANNOTATION]: keyText(key), [SPEC_HASH_ANNOTATION]: hash },
    },
    spec,
  };
}

/** The key as it stands in the pod's annotation: equal keys, equal text. */
export const keyText = ({ dagId, runId, taskId, try: tryNumber, infra }: TryKey): string =>
  JSON.stringify({ dagId, runId, taskId, try: tryNumber, infra });

function mainContainer(pod: PodSpec, key: TryKey): V1Container {
  return {
    name: MAIN_CONTAINER,
    image: pod.image,
    ...(pod.command === undefined ? {} : { command: pod.command }),
    ...(pod.args === undefined ? {} : { args: pod.args }),
    env: [...Object.entries(usersPart("env", pod.env, isOwnVariable)).map(envVar), ...variablesOf(key)],
    resources: { requests: requestsOf(pod), ...(pod.resources?.limits === undefined ? {} : { limits: pod.resources.limits }) },
    securityContext: CONTAINER_SECURITY,
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
}

/** A limit without a request is Kubernetes' own request; a default beside it could be larger than the limit. */
function requestsOf({ resources }: PodSpec): Record<string, string> {
  const open = Object.entries(DEFAULT_REQUESTS).filter(([name]) => resources?.limits?.[name] === undefined);
  return { ...Object.fromEntries(open), ...resources?.requests };
}

const labelsOf = (key: TryKey, instance: string): Record<string, string> => ({
  [MANAGED_BY]: "windlass",
  [INSTANCE_LABEL]: labelValue(instance),
  [`${DOMAIN}dag`]: labelValue(key.dagId),
  [`${DOMAIN}run`]: labelValue(key.runId),
  [`${DOMAIN}task`]: labelValue(key.taskId),
  [`${DOMAIN}try`]: String(key.try),
  [`${DOMAIN}infra`]: String(key.infra),
});

/** What a task can know of itself; POD_UID lets it fence off a twin of the same try. */
const variablesOf = (key: TryKey): V1EnvVar[] => [
  { name: "WINDLASS_DAG_ID", value: key.dagId },
  { name: "WINDLASS_RUN_ID", value: key.runId },
  { name: "WINDLASS_TASK_ID", value: key.taskId },
  { name: "WINDLASS_TRY", value: String(key.try) },
  { name: "WINDLASS_POD_UID", valueFrom: { fieldRef: { fieldPath: "metadata.uid" } } },
];

function envVar([name, value]: [string, EnvValue]): V1EnvVar {
  if (typeof value === "string") return { name, value };
  const { secret, key, optional } = value;
  return { name, valueFrom: { secretKeyRef: { name: secret, key, ...(optional === undefined ? {} : { optional }) } } };
}

const isOwnKey = (key: string): boolean => key.startsWith(DOMAIN) || key === MANAGED_BY;
const isOwnVariable = (name: string): boolean => name.startsWith("WINDLASS_");

/** The user's part of a map; what is ours in it is refused rather than lost in silence. */
function usersPart<T>(
  field: string,
  map: Readonly<Record<string, T>> | undefined,
  isOwn: (key: string) => boolean,
): Record<string, T> {
  const taken = Object.keys(map ?? {}).find(isOwn);
  if (taken === undefined) return { ...map };
  const pointer = `/pod/${field}/${taken.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  throw new WindlassError("WL_DAG_TYPE", `${field} must not contain '${taken}': Windlass sets it itself`, { place: { pointer } });
}
