import { z } from "zod";

/** What an id of a DAG or a task may be. "." and ".." would vanish from URL paths. */
export const ID_PATTERN = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,200}$/;

/** The DAG that runs of single pods belong to. It has no file and cannot be triggered. */
export const ADHOC_DAG = "adhoc";

const Id = z.string().regex(ID_PATTERN);
const Ms = z.number().int().min(0);
const StringMap = z.record(z.string(), z.string());

/** A reference to one key of a Kubernetes Secret. The value is read by the kubelet, never by Windlass. */
export const SecretRef = z.strictObject({ secret: z.string().min(1), key: z.string().min(1), optional: z.boolean().optional() });
export type SecretRef = z.infer<typeof SecretRef>;

/** An environment value: a literal, or a reference. */
export const EnvValue = z.union([z.string(), SecretRef]);
export type EnvValue = z.infer<typeof EnvValue>;

const Toleration = z.strictObject({
  key: z.string().optional(),
  operator: z.enum(["Exists", "Equal"]).optional(),
  value: z.string().optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
  tolerationSeconds: z.number().int().optional(),
});

/** Quantities by resource name, as Kubernetes writes them: { cpu: "250m", memory: "512Mi" }. */
const Resources = z.strictObject({ requests: StringMap.optional(), limits: StringMap.optional() });

/** The pod a task asks for, under Kubernetes' names. The worker renders the manifest from it. */
export const PodSpec = z.strictObject({
  image: z.string().min(1),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  env: z.record(z.string().regex(/^[-._a-zA-Z][-._a-zA-Z0-9]*$/), EnvValue).optional(),
  labels: StringMap.optional(),
  annotations: StringMap.optional(),
  resources: Resources.optional(),
  /** Default: the worker's configured task namespace. */
  namespace: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/)
    .optional(),
  /** The readable head of the pod's name; Windlass appends try and hash. Default: dag-task. */
  name: z.string().min(1).max(200).optional(),
  nodeSelector: StringMap.optional(),
  tolerations: z.array(Toleration).optional(),
  serviceAccount: z.string().min(1).optional(),
  terminationGracePeriodSeconds: z.number().int().min(0).optional(),
});
export type PodSpec = z.infer<typeof PodSpec>;

/** How failed tries are repeated. `maxDelayMs` caps the exponential growth; `jitter` 0..1 lengthens a delay by up to that share. */
export const RetryPolicy = z.strictObject({
  retries: z.number().int().min(0).max(1_000).default(0),
  delayMs: Ms.default(300_000),
  backoff: z.enum(["fixed", "exponential"]).default("fixed"),
  maxDelayMs: Ms.default(86_400_000),
  jitter: z.number().min(0).max(1).default(0),
});
export type RetryPolicy = z.infer<typeof RetryPolicy>;

/** When a task may start, by its upstreams' states. Airflow's names. */
export const TriggerRule = z.enum(["all_success", "all_done"]);
export type TriggerRule = z.infer<typeof TriggerRule>;

const taskBase = {
  id: Id,
  upstream: z.array(Id).default([]),
  triggerRule: TriggerRule.default("all_success"),
  retry: RetryPolicy.default(() => RetryPolicy.parse({})),
  /** Execution limit of one try, counted from the main container's start. */
  timeoutMs: Ms.optional(),
  /** Where the task was written, for messages. Not part of the version. */
  source: z.strictObject({ file: z.string(), line: z.number().int() }).optional(),
};

/**
 * A node of a DAG. `empty` is resolved by the scheduler without a job; `pod` is run by a worker as a Kubernetes pod;
 * `noop` goes through queue and worker and ends at once: it measures the orchestrator itself.
 */
export const TaskSpec = z.discriminatedUnion("operator", [
  z.strictObject({ ...taskBase, operator: z.literal("empty") }),
  z.strictObject({ ...taskBase, operator: z.literal("noop") }),
  z.strictObject({ ...taskBase, operator: z.literal("pod"), pod: PodSpec }),
]);
export type TaskSpec = z.infer<typeof TaskSpec>;

/** When runs start by themselves: cron expressions (five or six fields), or a fixed interval counted from the epoch. */
export const Schedule = z.union([
  z.strictObject({ cron: z.array(z.string().min(1)).min(1) }),
  z.strictObject({ everyMs: z.number().int().min(1_000) }),
]);
export type Schedule = z.infer<typeof Schedule>;

/** A workflow as plain data: what a DAG file evaluates to, and all that the rest of Windlass knows of it. */
export const DagSpec = z.strictObject({
  id: Id,
  description: z.string().optional(),
  owner: z.string().optional(),
  tags: z.array(z.string()).default([]),
  schedule: Schedule.optional(),
  /** IANA name; cron fields are read in it. */
  timezone: z.string().default("UTC"),
  startAt: z.number().int().optional(),
  endAt: z.number().int().optional(),
  /** true: every missed tick is made up; false: only the latest one. */
  catchup: z.boolean().default(false),
  maxActiveRuns: z.number().int().min(1).default(16),
  tasks: z.array(TaskSpec).min(1),
});
export type DagSpec = z.infer<typeof DagSpec>;

/** What a task is before defaults are filled in. */
export type TaskSpecInput = z.input<typeof TaskSpec>;
export type DagSpecInput = z.input<typeof DagSpec>;
