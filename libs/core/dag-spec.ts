import { z } from "zod";
import { AfterEnd } from "./after-end.ts";
import { PodPatch } from "./pod/pod-patch.ts";
import { PodSpec } from "./pod/pod-spec.ts";
import { ResultSchema } from "./result.ts";

/** What an id of a DAG or a task may be. "." and ".." would vanish from URL paths. */
export const ID_PATTERN = /^(?!\.{1,2}$)[A-Za-z0-9_.-]{1,200}$/;

/** The DAG that runs of single pods belong to. It has no file and cannot be triggered. */
export const ADHOC_DAG = "adhoc";

const Id = z.string().regex(ID_PATTERN);
const Ms = z.number().int().min(0);

const ExitCode = z.number().int().min(1).max(255);
/** A code of the failure table. Any text: a run must stay readable when the table changes. */
const Code = z.string().min(1);

/**
 * How failed tries are repeated. `maxDelayMs` caps the exponential growth; `jitter` 0..1 lengthens a delay by up to that share.
 * What is absent has its default where it is used, so that an old spec and its hash stay what they are.
 */
export const RetryPolicy = z.strictObject({
  retries: z.number().int().min(0).max(1_000).default(0),
  delayMs: Ms.default(300_000),
  backoff: z.enum(["fixed", "exponential"]).default("fixed"),
  maxDelayMs: Ms.default(86_400_000),
  jitter: z.number().min(0).max(1).default(0),
  /** How often one try may start again without using up a try. */
  infraRetries: z.number().int().min(0).max(100).optional(),
  /** Failures after which the same try starts again, while infraRetries last. */
  retryOn: z.strictObject({ exitCodes: z.array(ExitCode).optional(), codes: z.array(Code).optional() }).optional(),
  /** Exit codes and failure codes after which there is no further try. */
  failOn: z.array(z.union([ExitCode, Code])).optional(),
  /** Exit codes and failure codes after which the task counts as skipped. */
  skipOn: z.array(z.union([ExitCode, Code])).optional(),
  /** Failures of the configuration use up tries like any other. */
  retryConfigErrors: z.boolean().optional(),
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

/** The memory of the next try. `max` is a quantity ("8Gi"); absent: four times the limit. */
export const MemoryGrowth = z.strictObject({
  factor: z.number().min(1).max(10),
  max: z
    .string()
    .regex(/^\d+(\.\d+)?([kMGTP]|[KMGTP]i)?$/)
    .optional(),
});
export type MemoryGrowth = z.infer<typeof MemoryGrowth>;

/** Which containers' logs are kept: all of them, none, or those named. */
export const KeptLogs = z.union([z.boolean(), z.array(z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/)).min(1)]);
export type KeptLogs = z.infer<typeof KeptLogs>;

/** What only a task with a pod has. */
const podTask = {
  /** Absent: all. */
  logs: KeptLogs.optional(),
  /** How long the pod may wait for a node; 0: for ever. Absent: the site's. */
  schedulingTimeoutMs: Ms.optional(),
  /** From the node to the start of the main container; 0: for ever. Absent: the site's. */
  startTimeoutMs: Ms.optional(),
  memoryGrowth: MemoryGrowth.optional(),
  /** What the task has to write to WINDLASS_RESULT_PATH; absent: it has no result, and what it writes there is left alone. */
  result: ResultSchema.optional(),
  ...AfterEnd.shape,
};

/**
 * A node of a DAG. `empty` is resolved by the scheduler without a job; `pod` is run by a worker as a Kubernetes pod;
 * `noop` goes through queue and worker and ends at once: it measures the orchestrator itself.
 */
export const TaskSpec = z.discriminatedUnion("operator", [
  z.strictObject({ ...taskBase, operator: z.literal("empty") }),
  z.strictObject({ ...taskBase, operator: z.literal("noop") }),
  z.strictObject({ ...taskBase, ...podTask, operator: z.literal("pod"), pod: PodSpec }),
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
  /** Laid under the pod of every task. */
  podDefaults: PodPatch.optional(),
  tasks: z.array(TaskSpec).min(1),
});
export type DagSpec = z.infer<typeof DagSpec>;

/** What a task is before defaults are filled in. */
export type TaskSpecInput = z.input<typeof TaskSpec>;
export type DagSpecInput = z.input<typeof DagSpec>;
