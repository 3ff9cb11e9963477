import { z } from "zod";
import { AfterEnd } from "#core/after-end.ts";
import { KeptLogs, MemoryGrowth, RetryPolicy, TriggerRule } from "#core/dag-spec.ts";
import { DurationMs } from "#core/duration.ts";
import { PodSpec } from "#core/pod/pod-spec.ts";
import { ContainersInput } from "./container-input.ts";
import { EnvInput, WordsInput } from "./env.ts";
import { ExitCode, FailureCode, FailureRule } from "./failure-rule.ts";
import { PodOverrideInput, PodTemplateInput } from "./pod-override.ts";
import { ResultInput } from "./result-schema.ts";

const Backoff = z.union([
  z.enum(["fixed", "exponential"]),
  z.strictObject({
    /** "exponential" doubles the delay after every try. */
    type: z.enum(["fixed", "exponential"]),
    /** The longest delay. Default: "24h". */
    max: DurationMs.optional(),
    /** 0..1: lengthens each delay by up to this share, so that many tasks do not come back at once. Default: 0. */
    jitter: z.number().min(0).max(1).optional(),
  }),
]);

const trigger = {
  /** "all_success": every upstream succeeded. "all_done": every upstream ended, however. Default: "all_success". */
  triggerRule: TriggerRule.optional(),
};

const tries = {
  /** How often a failed try is repeated. Default: 0. */
  retries: z.number().int().min(0).max(1_000).optional(),
  /** Time between the end of a try and the start of the next: "10s", "5m", or milliseconds. Default: "5m". */
  retryDelay: DurationMs.optional(),
  /** How the delay grows from try to try. Default: "fixed". */
  backoff: Backoff.optional(),
  /** The longest that one try may run, counted from the start of its container. Default: no limit. */
  timeout: DurationMs.refine(ms => ms > 0, { error: "a timeout must be longer than 0" }).optional(),
};

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
  /** Whose logs are kept: true, those of all containers (default), false, or the containers named: ["main", "proxy"]. */
  logs: KeptLogs.optional(),
};

const podLimits = {
  /** How long the pod may wait for a node: "10m"; 0: for ever. Default: the workers' WINDLASS_SCHEDULING_TIMEOUT_MS, 10 min. */
  schedulingTimeout: DurationMs.optional(),
  /** From the node to the start of the main container; 0: for ever. Default: the workers' WINDLASS_START_TIMEOUT_MS, 10 min. */
  startTimeout: DurationMs.optional(),
  /** Multiplies the memory limit (and request) with every further try: 1.5, or { factor: 1.5, max: "8Gi" }. Default cap: 4 × the limit. */
  memoryGrowth: z.union([MemoryGrowth.shape.factor, MemoryGrowth]).optional(),
};

const place = {
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
  /** Default: the namespace that the workers are configured for. */
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
  /** Default: the cluster's own. */
  schedulerName: PodSpec.shape.schedulerName,
  /** Name of a RuntimeClass such as gvisor. */
  runtimeClassName: PodSpec.shape.runtimeClassName,
  /** Whether the ServiceAccount's token for the API server is mounted. Default: false. */
  automountServiceAccountToken: PodSpec.shape.automountServiceAccountToken,
  /** Secrets for the image's registry; better put them on the ServiceAccount. */
  imagePullSecrets: PodSpec.shape.imagePullSecrets,
  /** "Always", "IfNotPresent" or "Never". Default: Kubernetes', "Always" for :latest. */
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
  /** Default: "ClusterFirst". */
  dnsPolicy: PodSpec.shape.dnsPolicy,
  /** Name servers, search domains and options of the resolver. */
  dnsConfig: PodSpec.shape.dnsConfig,
  /** Entries of /etc/hosts. */
  hostAliases: PodSpec.shape.hostAliases,
  /** Whether the pod shares the node's network. Default: false. */
  hostNetwork: PodSpec.shape.hostNetwork,
  /** Default: the pod's name. */
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

export const EmptyOptions = z.strictObject(trigger);
/** Options of a task without a pod. */
export interface EmptyOptions extends z.input<typeof EmptyOptions> {}

export const NoopOptions = z.strictObject({ ...trigger, ...tries });
/** Options of a task that passes through queue and worker and ends at once. */
export interface NoopOptions extends z.input<typeof NoopOptions> {}

export const PodOptions = z.strictObject({
  /** The container's image. */
  image: PodSpec.shape.image,
  /** Replaces the image's entrypoint. Default: the image's own. */
  command: WordsInput.optional(),
  /** Arguments of the command. Default: the image's own. */
  args: WordsInput.optional(),
  /** Default: the image's own. */
  workingDir: PodSpec.shape.workingDir,
  /** Ports the container listens on; information for people and policies. */
  ports: PodSpec.shape.ports,
  /** What is done right after the start and right before the end of the container. */
  lifecycle: PodSpec.shape.lifecycle,
  /** "File", or the default "FallbackToLogsOnError": a failure without a message quotes the end of the log. */
  terminationMessagePolicy: PodSpec.shape.terminationMessagePolicy,
  /** Any part of the pod, laid over everything above: a strategic-merge patch, or a function that changes the pod. The task's container is "main". */
  podOverride: PodOverrideInput.optional(),
  /** The readable head of the pod's name; try and hash are appended. Default: DAG id and task id. */
  name: PodSpec.shape.name,
  result: ResultInput.optional(),
  ...place,
  ...tries,
  ...rules,
  ...podLimits,
  ...logs,
  ...ending,
  ...trigger,
});
/** Options of a task that runs as a Kubernetes pod, under Kubernetes' and Airflow's names. */
export interface PodOptions<Result = unknown> extends Omit<z.input<typeof PodOptions>, "result"> {
  /**
   * What the task has to write, as JSON of less than 4 KiB, into the file that WINDLASS_RESULT_PATH names: z.object({ rows: z.int() }).
   * A task that exits with 0 and writes something else, or nothing, has failed. Default: no result; the file is left alone.
   */
  result?: z.ZodType<Result> | undefined;
}

export const DefaultArgs = z.strictObject({ ...place, ...tries, ...rules, ...podLimits, ...logs, ...ending, ...trigger });
/** What holds for every task that does not say otherwise. Maps (env, labels, …) are merged by key, other values replaced. */
export interface DefaultArgs extends z.input<typeof DefaultArgs> {}
/** {@link DefaultArgs} after the check: durations are milliseconds. */
export type CheckedDefaultArgs = z.output<typeof DefaultArgs>;
