import type { KubeObject } from "./store/kube-object.ts";

/** The parts of a pod this room reads and writes; every other field is kept as it came. */
export interface Pod extends KubeObject {
  spec: PodSpec;
  status: PodStatus;
}

export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  volumes?: Volume[];
  restartPolicy: "Always" | "OnFailure" | "Never";
  terminationGracePeriodSeconds: number;
  activeDeadlineSeconds?: number;
  nodeName?: string;
  nodeSelector?: Record<string, string>;
  schedulingGates?: { name: string }[];
  hostname?: string;
  serviceAccountName?: string;
  priorityClassName?: string;
  securityContext?: SecurityContext;
  [field: string]: unknown;
}

export interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  workingDir?: string;
  env?: EnvVar[];
  envFrom?: EnvFrom[];
  imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  restartPolicy?: "Always";
  terminationMessagePath?: string;
  terminationMessagePolicy?: "File" | "FallbackToLogsOnError";
  volumeMounts?: { name: string; mountPath: string; subPath?: string; readOnly?: boolean }[];
  resources?: { limits?: Record<string, string | number>; requests?: Record<string, string | number> };
  securityContext?: SecurityContext;
  [field: string]: unknown;
}

export interface SecurityContext {
  runAsNonRoot?: boolean;
  runAsUser?: number;
}

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: {
    secretKeyRef?: KeyRef;
    configMapKeyRef?: KeyRef;
    fieldRef?: { fieldPath: string };
    resourceFieldRef?: { resource: string; containerName?: string; divisor?: string | number };
  };
}

export interface KeyRef {
  name: string;
  key: string;
  optional?: boolean;
}

export interface EnvFrom {
  prefix?: string;
  secretRef?: { name: string; optional?: boolean };
  configMapRef?: { name: string; optional?: boolean };
}

interface KeyedSource {
  items?: { key: string; path: string }[];
  optional?: boolean;
}

export interface DownwardItem {
  path: string;
  fieldRef?: { fieldPath: string };
  resourceFieldRef?: { resource: string; containerName?: string; divisor?: string | number };
}

export interface TokenSource {
  path: string;
  audience?: string;
  expirationSeconds?: number;
}

/** One of them. */
export interface VolumeProjection {
  secret?: KeyedSource & { name: string };
  configMap?: KeyedSource & { name: string };
  downwardAPI?: { items?: DownwardItem[] };
  serviceAccountToken?: TokenSource;
}

export interface Volume {
  name: string;
  projected?: { sources?: VolumeProjection[] };
  downwardAPI?: { items?: DownwardItem[] };
  emptyDir?: unknown;
  hostPath?: { path: string };
  secret?: KeyedSource & { secretName: string };
  configMap?: KeyedSource & { name: string };
  [source: string]: unknown;
}

export interface PodStatus {
  phase: "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";
  observedGeneration?: number;
  reason?: string;
  message?: string;
  conditions?: Condition[];
  startTime?: string;
  hostIP?: string;
  podIP?: string;
  initContainerStatuses?: ContainerStatus[];
  containerStatuses?: ContainerStatus[];
  qosClass?: string;
  [field: string]: unknown;
}

export interface Condition {
  type: string;
  status: "True" | "False" | "Unknown";
  reason?: string;
  message?: string;
  lastProbeTime?: null;
  lastTransitionTime?: string;
}

export interface Terminated {
  exitCode: number;
  signal?: number;
  reason: string;
  message?: string;
  startedAt: string | null;
  finishedAt: string | null;
  containerID?: string;
}

/** Exactly one of the three. */
export interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: { startedAt: string };
  terminated?: Terminated;
}

export interface ContainerStatus {
  name: string;
  state: ContainerState;
  lastState: ContainerState;
  ready: boolean;
  restartCount: number;
  image: string;
  imageID: string;
  containerID?: string;
  started: boolean;
}
