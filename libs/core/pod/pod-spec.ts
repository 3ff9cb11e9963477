import type {
  V1Affinity,
  V1Container,
  V1ContainerPort,
  V1EnvFromSource,
  V1HostAlias,
  V1Lifecycle,
  V1LocalObjectReference,
  V1PodDNSConfig,
  V1PodSecurityContext,
  V1SecurityContext,
  V1TopologySpreadConstraint,
  V1Volume,
  V1VolumeDevice,
  V1VolumeMount,
} from "@kubernetes/client-node";
import { z } from "zod";
import { EnvName, EnvValue } from "./env-value.ts";
import { kubeValue } from "./kube-value.ts";
import { PodPatch } from "./pod-patch.ts";

const StringMap = z.record(z.string(), z.string());
const Seconds = z.number().int().min(0);

const Toleration = z.strictObject({
  key: z.string().optional(),
  operator: z.enum(["Exists", "Equal"]).optional(),
  value: z.string().optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
  tolerationSeconds: z.number().int().optional(),
});

/** Quantities by resource name, as Kubernetes writes them: { cpu: "250m", memory: "512Mi", "nvidia.com/gpu": "1" }. */
const Resources = z.strictObject({ requests: StringMap.optional(), limits: StringMap.optional() });

/** A volume and its place in the task's container at once. */
export const Mount = z.strictObject({
  /** Absolute path in the container. */
  path: z.string().refine(path => /^\/./.test(path), { error: 'must be an absolute path such as "/etc/app"' }),
  /** The volume's source under Kubernetes' names: { emptyDir: {} }, { persistentVolumeClaim: { claimName } }, { csi: {...} }, … */
  source: kubeValue<Omit<V1Volume, "name">>("Volume"),
  /** The volume's name, for other containers to mount it too. Default: from the path, "/etc/app" is "mount-etc-app". */
  name: z.string().min(1).max(63).optional(),
  subPath: z.string().min(1).optional(),
  /** Default: true for secret, configMap, projected and downwardAPI, else false. */
  readOnly: z.boolean().optional(),
});
export type Mount = z.infer<typeof Mount>;

/** Fields of the task's container. */
const container = {
  image: z.string().min(1),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  workingDir: z.string().min(1).optional(),
  env: z.record(EnvName, EnvValue).optional(),
  envFrom: kubeValue<V1EnvFromSource[]>("[]EnvFromSource").optional(),
  resources: Resources.optional(),
  ports: kubeValue<V1ContainerPort[]>("[]ContainerPort").optional(),
  volumeMounts: kubeValue<V1VolumeMount[]>("[]VolumeMount").optional(),
  volumeDevices: kubeValue<V1VolumeDevice[]>("[]VolumeDevice").optional(),
  imagePullPolicy: z.enum(["Always", "IfNotPresent", "Never"]).optional(),
  containerSecurityContext: kubeValue<V1SecurityContext>("SecurityContext").optional(),
  lifecycle: kubeValue<V1Lifecycle>("Lifecycle").optional(),
  /** Default: FallbackToLogsOnError, so that a failure quotes the end of the log. */
  terminationMessagePolicy: z.enum(["File", "FallbackToLogsOnError"]).optional(),
};

/** Fields of the pod around it. */
const pod = {
  nodeSelector: StringMap.optional(),
  tolerations: z.array(Toleration).optional(),
  affinity: kubeValue<V1Affinity>("Affinity").optional(),
  topologySpreadConstraints: kubeValue<V1TopologySpreadConstraint[]>("[]TopologySpreadConstraint").optional(),
  priorityClassName: z.string().min(1).optional(),
  schedulerName: z.string().min(1).optional(),
  runtimeClassName: z.string().min(1).optional(),
  serviceAccount: z.string().min(1).optional(),
  automountServiceAccountToken: z.boolean().optional(),
  imagePullSecrets: kubeValue<V1LocalObjectReference[]>("[]LocalObjectReference").optional(),
  securityContext: kubeValue<V1PodSecurityContext>("PodSecurityContext").optional(),
  hostNetwork: z.boolean().optional(),
  hostAliases: kubeValue<V1HostAlias[]>("[]HostAlias").optional(),
  hostname: z.string().min(1).optional(),
  subdomain: z.string().min(1).optional(),
  dnsPolicy: z.enum(["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]).optional(),
  dnsConfig: kubeValue<V1PodDNSConfig>("PodDNSConfig").optional(),
  shareProcessNamespace: z.boolean().optional(),
  terminationGracePeriodSeconds: Seconds.optional(),
  activeDeadlineSeconds: Seconds.min(1).optional(),
  volumes: kubeValue<V1Volume[]>("[]Volume").optional(),
};

/** Containers beside the task's own. */
const companions = {
  /** They run one after the other before the task, each to its end. */
  initContainers: kubeValue<V1Container[]>("[]Container").optional(),
  /** Native sidecars (Kubernetes 1.29 and newer): started before the task, behind the init containers; stopped after it. */
  sidecars: kubeValue<V1Container[]>("[]Container").optional(),
  /** Started together with the task; the pod is deleted when the task's container has ended, whatever they do. */
  extraContainers: kubeValue<V1Container[]>("[]Container").optional(),
};

/** The pod a task asks for, under Kubernetes' names. The worker renders the manifest from it. */
export const PodSpec = z.strictObject({
  ...container,
  ...pod,
  ...companions,
  labels: StringMap.optional(),
  annotations: StringMap.optional(),
  /** Default: the worker's configured task namespace. */
  namespace: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/)
    .optional(),
  /** The readable head of the pod's name; Windlass appends try and hash. Default: dag-task. */
  name: z.string().min(1).max(200).optional(),
  /** Volumes with their place in the task's container. */
  mounts: z.array(Mount).optional(),
  /** A pod that the fields above are laid over. */
  podTemplate: PodPatch.optional(),
  /** Laid over everything the task says. */
  podOverride: PodPatch.optional(),
  /** Laid over that for one run: what whoever started it was allowed to say. */
  runOverride: PodPatch.optional(),
});
export type PodSpec = z.infer<typeof PodSpec>;

/** The fields that mean in `main` what they are called, and those that mean it in the pod's spec. */
export const CONTAINER_FIELDS = Object.keys(container) as (keyof typeof container)[];
export const POD_FIELDS = Object.keys(pod) as (keyof typeof pod)[];
