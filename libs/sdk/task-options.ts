import { z } from "zod";
import { PodSpec, TriggerRule } from "#core/dag-spec.ts";
import { DurationMs } from "#core/duration.ts";
import { EnvInput } from "./env.ts";

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

const place = {
  /** Environment variables: literals, secret(name, key), or plain(value) for a literal that only looks like a secret. */
  env: EnvInput.optional(),
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
  command: PodSpec.shape.command,
  /** Arguments of the command. Default: the image's own. */
  args: PodSpec.shape.args,
  /** The readable head of the pod's name; try and hash are appended. Default: DAG id and task id. */
  name: PodSpec.shape.name,
  ...place,
  ...tries,
  ...trigger,
});
/** Options of a task that runs as a Kubernetes pod, under Kubernetes' and Airflow's names. */
export interface PodOptions extends z.input<typeof PodOptions> {}

export const DefaultArgs = z.strictObject({ ...place, ...tries, ...trigger });
/** What holds for every task that does not say otherwise. Maps (env, labels, …) are merged by key, other values replaced. */
export interface DefaultArgs extends z.input<typeof DefaultArgs> {}
/** {@link DefaultArgs} after the check: durations are milliseconds. */
export type CheckedDefaultArgs = z.output<typeof DefaultArgs>;
