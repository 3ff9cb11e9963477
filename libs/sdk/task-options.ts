import { z } from "zod";
import { AfterEnd } from "#core/after-end.ts";
import { DurationMs } from "#core/duration.ts";
import { PodSpec } from "#core/pod/pod-spec.ts";
import { RetryPolicy } from "#core/retry-policy.ts";
import { KeptLogs, MemoryGrowth } from "#core/task-spec.ts";
import { ContainersInput } from "./container-input.ts";
import { EnvInput, WordsInput } from "./env.ts";
import { ExitCode, FailureCode, FailureRule } from "./failure-rule.ts";
import { PodOverrideInput, PodTemplateInput } from "./pod-override.ts";
import { ResultInput } from "./result-schema.ts";
import { everyTask, workerTask } from "./task-rules.ts";
import type { Templated } from "./templated.ts";

/** What repeats a try and what does not; docs/reference/failures.md lists the codes. */
const rules = {
  /** How often infrastructure may end one try before the task fails; it never uses up a try. Default: 5. */
  infraRetries: RetryPolicy.shape.infraRetries,
  /** Failures after which the same try starts again without using one up, while infraRetries last: { exitCodes: [75] }. */
  retryOn: z.strictObject({ exitCodes: z.array(ExitCode).optional(), codes: z.array(FailureCode).optional() }).optional(),
  /** Exit codes and failure codes after which no further try is made: [64, 78, "OOMKilled"]. */
  failOn: z.array(FailureRule).optional(),
  /** Exit codes and failure codes after which the task counts as skipped, and so do those that need it: [99]. */
  skipOn: z.array(FailureRule).optional(),
  /** true: a mistake in the configuration (an image that does not exist) uses up tries like any failure. Default: false. */
  retryConfigErrors: RetryPolicy.shape.retryConfigErrors,
};

const logs = {
  /** Whose logs are kept: those of all containers (true), of none (false), or of those named: ["main", "proxy"]. Default: true. */
  logs: KeptLogs.optional(),
};

const podLimits = {
  /** How long the pod may wait for a node: "10m"; 0: for ever. Default: the workers' WINDLASS_SCHEDULING_TIMEOUT_MS, 10 min. */
  schedulingTimeout: DurationMs.optional(),
  /** From the node to the start of the main container; 0: for ever. Default: the workers' WINDLASS_START_TIMEOUT_MS, 10 min. */
  startTimeout: DurationMs.optional(),
  /** Multiplies the memory limit (and request) with every further try: 1.5, or { factor: 1.5, max: "8Gi" }. Without max it ends at four times the limit. */
  memoryGrowth: z.union([MemoryGrowth.shape.factor, MemoryGrowth]).optional(),
};

const place = {
  /** The cluster the pod runs in: a context of the workers' kubeconfig. Default: the workers' own. */
  cluster: z.string().min(1).optional(),
  /**
   * Environment variables: literals, secret.env(name, key), configMap.env(name, key), fieldRef(path), resourceFieldRef(resource), or
   * plain(value) for a literal that only looks like a secret.
   */
  env: EnvInput.optional(),
  /** Whole Secrets and ConfigMaps as variables: [secret.envFrom("task-db", "DB_"), configMap.envFrom("settings")]. */
  envFrom: PodSpec.shape.envFrom,
  /** Labels of the pod, beside those that Windlass sets. */
  labels: PodSpec.shape.labels,
  /** Annotations of the pod, beside those that Windlass sets. */
  annotations: PodSpec.shape.annotations,
  /** Quantities as Kubernetes writes them: { requests: { cpu: "250m" }, limits: { memory: "512Mi" } }. */
  resources: PodSpec.shape.resources,
  /** Where the pod lives. Default: the namespace that the workers are configured for. */
  namespace: PodSpec.shape.namespace,
  /** Labels that a node must have to run the pod. */
  nodeSelector: PodSpec.shape.nodeSelector,
  /** Taints that the pod accepts. */
  tolerations: PodSpec.shape.tolerations,
  /** Name of the ServiceAccount the pod runs as. Default: the namespace's own. */
  serviceAccount: PodSpec.shape.serviceAccount,
  /** Seconds between SIGTERM and SIGKILL when the pod is stopped. Default: Kubernetes' 30. */
  terminationGracePeriodSeconds: PodSpec.shape.terminationGracePeriodSeconds,
  /** The kubelet's own limit for the whole pod, pulling and waiting included. Default: the timeout and 21 minutes. */
  activeDeadlineSeconds: PodSpec.shape.activeDeadlineSeconds,
  /** Rules about nodes and about other pods, see Kubernetes' Affinity. */
  affinity: PodSpec.shape.affinity,
  /** How the pod is spread over zones and nodes. */
  topologySpreadConstraints: PodSpec.shape.topologySpreadConstraints,
  /** Name of a PriorityClass. */
  priorityClassName: PodSpec.shape.priorityClassName,
  /** Name of the scheduler that finds a node for the pod. Default: the cluster's own. */
  schedulerName: PodSpec.shape.schedulerName,
  /** Name of a RuntimeClass such as gvisor. */
  runtimeClassName: PodSpec.shape.runtimeClassName,
  /** Whether the ServiceAccount's token for the API server is mounted. Default: false. */
  automountServiceAccountToken: PodSpec.shape.automountServiceAccountToken,
  /** Secrets for the image's registry; better put them on the ServiceAccount. */
  imagePullSecrets: PodSpec.shape.imagePullSecrets,
  /** When the image is pulled. Default: Kubernetes', "Always" for :latest. */
  imagePullPolicy: PodSpec.shape.imagePullPolicy,
  /** Of the pod, over the default that fits PodSecurity "restricted" (user 65532, not root). */
  securityContext: PodSpec.shape.securityContext,
  /** Of the task's container, over the default (no privilege escalation, no capabilities). */
  containerSecurityContext: PodSpec.shape.containerSecurityContext,
  /** Volumes with their place in the task's container: [secret.file(…), serviceAccountToken(…), { path: "/scratch", source: { emptyDir: {} } }]. */
  mounts: PodSpec.shape.mounts,
  /** Volumes as Kubernetes has them; `mounts` is shorter where only the task uses one. */
  volumes: PodSpec.shape.volumes,
  /** Where the volumes are in the task's container. */
  volumeMounts: PodSpec.shape.volumeMounts,
  /** Block devices of the task's container. */
  volumeDevices: PodSpec.shape.volumeDevices,
  /** How names are resolved. Default: "ClusterFirst". */
  dnsPolicy: PodSpec.shape.dnsPolicy,
  /** Name servers, search domains and options of the resolver. */
  dnsConfig: PodSpec.shape.dnsConfig,
  /** Entries of /etc/hosts. */
  hostAliases: PodSpec.shape.hostAliases,
  /** Whether the pod shares the node's network. Default: false. */
  hostNetwork: PodSpec.shape.hostNetwork,
  /** The pod's name for itself. Default: the pod's name in the cluster. */
  hostname: PodSpec.shape.hostname,
  /** Name of a headless Service, for the pod to have a name in the cluster's DNS. */
  subdomain: PodSpec.shape.subdomain,
  /** Whether the containers see each other's processes. Default: false. */
  shareProcessNamespace: PodSpec.shape.shareProcessNamespace,
  /** Containers that run before the task, one after the other. */
  initContainers: ContainersInput.optional(),
  /** Native sidecars: started before the task, behind the init containers, and stopped after it. */
  sidecars: ContainersInput.optional(),
  /** Containers beside the task, for clusters without native sidecars; deleted when the task has ended. */
  extraContainers: ContainersInput.optional(),
  /** A pod under the task's options: part of a Pod as object, or the name of a YAML file beside the DAG file. */
  podTemplate: PodTemplateInput.optional(),
};

/** What becomes of the pod when its try has ended. */
const ending = {
  /**
   * Which pods are deleted as soon as their logs are stored: "delete" all, "deleteSucceeded", or "keep" none. Default: "delete", or
   * what the site keeps (WINDLASS_KEEP_SUCCEEDED_MS, WINDLASS_KEEP_FAILED_MS).
   */
  onFinish: AfterEnd.shape.onFinish,
  /** How long the others stay: "1h". Default: until somebody deletes them. Without onFinish: how long every pod stays. */
  keepFor: DurationMs.optional(),
  /** What a cancel does with a pod that runs: "delete" it, or "keep" it until it ends by itself. A timeout always deletes. Default: "delete". */
  onKill: AfterEnd.shape.onKill,
};

/** What a pod says in texts. Its head, its namespace and single numbers and words are known before a run is. */
type TextFields = Exclude<
  keyof PodSpec,
  | "name"
  | "namespace"
  | "terminationGracePeriodSeconds"
  | "activeDeadlineSeconds"
  | "automountServiceAccountToken"
  | "hostNetwork"
  | "shareProcessNamespace"
  | "imagePullPolicy"
  | "dnsPolicy"
  | "terminationMessagePolicy"
>;
type WithReferences<Options> = Omit<Options, TextFields> & Templated<Pick<Options, keyof Options & TextFields>>;

export const EmptyOptions = z.strictObject(everyTask);
/** Options of a task that the scheduler resolves by itself. */
export interface EmptyOptions extends z.input<typeof EmptyOptions> {}

export const NoopOptions = z.strictObject({ ...everyTask, ...workerTask });
/** Options of a task that passes through queue and worker and ends at once. */
export interface NoopOptions extends z.input<typeof NoopOptions> {}

export const PodOptions = z.strictObject({
  /** The container's image. */
  image: PodSpec.shape.image,
  /** Replaces the image's entrypoint. Default: the image's own. */
  command: WordsInput.optional(),
  /** Arguments of the command. Default: the image's own. */
  args: WordsInput.optional(),
  /** Where the container starts. Default: the image's own. */
  workingDir: PodSpec.shape.workingDir,
  /** Ports the container listens on; information for people and policies. */
  ports: PodSpec.shape.ports,
  /** What is done right after the start and right before the end of the container. */
  lifecycle: PodSpec.shape.lifecycle,
  /** What a failure without a message tells: "FallbackToLogsOnError" quotes the end of the log. Default: "FallbackToLogsOnError". */
  terminationMessagePolicy: PodSpec.shape.terminationMessagePolicy,
  /** Any part of the pod, laid over everything above: a strategic-merge patch, or a function that changes the pod. The task's container is "main". */
  podOverride: PodOverrideInput.optional(),
  /** The readable head of the pod's name; try and hash are appended. Default: DAG id and task id. */
  name: PodSpec.shape.name,
  /**
   * What the task has to write, as JSON of less than 4 KiB, into the file that WINDLASS_RESULT_PATH names: z.object({ rows: z.int() }).
   * A task that exits with 0 and writes something else, or nothing, has failed. Default: no result; the file is left alone.
   */
  result: ResultInput.optional(),
  ...place,
  ...rules,
  ...podLimits,
  ...logs,
  ...ending,
  ...workerTask,
  ...everyTask,
});
/** Options of a task that runs as a Kubernetes pod, under Kubernetes' and Airflow's names. */
export interface PodOptions<Result = unknown> extends Omit<WithReferences<z.input<typeof PodOptions>>, "result"> {
  /**
   * What the task has to write, as JSON of less than 4 KiB, into the file that WINDLASS_RESULT_PATH names: z.object({ rows: z.int() }).
   * A task that exits with 0 and writes something else, or nothing, has failed. Default: no result; the file is left alone.
   */
  result?: z.ZodType<Result> | undefined;
}

export const DefaultArgs = z.strictObject({ ...place, ...rules, ...podLimits, ...logs, ...ending, ...workerTask, ...everyTask });
/** What holds for every task that does not say otherwise. Maps (env, labels, …) are merged by key, other values replaced. */
export interface DefaultArgs extends WithReferences<z.input<typeof DefaultArgs>> {}
/** {@link DefaultArgs} after the check: durations are milliseconds. */
export type CheckedDefaultArgs = z.output<typeof DefaultArgs>;
