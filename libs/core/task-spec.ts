import { z } from "zod";
import { AfterEnd } from "./after-end.ts";
import { AssetName } from "./asset.ts";
import { HttpRequest } from "./http-request.ts";
import { Id } from "./id.ts";
import { Notices } from "./notice.ts";
import { PodSpec } from "./pod/pod-spec.ts";
import { QueueName } from "./queue-name.ts";
import { ResourceSpec } from "./resource-spec.ts";
import { ResultSchema } from "./result.ts";
import { RetryPolicy } from "./retry-policy.ts";
import { TriggerRule } from "./trigger-rule.ts";
import { WaitSpec } from "./wait-spec.ts";

const Ms = z.number().int().min(0);

/**
 * A list whose items the task runs for, one instance each: known when the file is loaded, or `{{ … }}` of an upstream's result.
 * Inside the task's texts `item` is the item and `index` its place.
 */
export const MapSpec = z.strictObject({
  over: z.union([z.array(z.unknown()), z.string()]),
  /** At most so many instances at once. Absent: all. */
  maxActive: z.number().int().min(1).optional(),
  /** So many instances may fail, or this share of them below 1, and the task still counts as a success. Absent: none. */
  maxFailures: z.number().min(0).optional(),
});
export type MapSpec = z.infer<typeof MapSpec>;

/** The most instances of one mapped task. */
export const MAX_INSTANCES = 10_000;

/** What every task has. Absent means the default, so that an old spec and its hash stay what they are. */
const taskBase = {
  id: Id,
  upstream: z.array(Id).default([]),
  triggerRule: TriggerRule.default("all_success"),
  retry: RetryPolicy.default(() => RetryPolicy.parse({})),
  /** Execution limit of one try, counted from the main container's start. */
  timeoutMs: Ms.optional(),
  /** Where the task was written, for messages. Not part of the version. */
  source: z.strictObject({ file: z.string(), line: z.number().int() }).optional(),
  /** The task of the run before must have succeeded or been skipped. */
  dependsOnPast: z.boolean().optional(),
  /** The direct downstreams of the task in the run before must have ended well. Implies dependsOnPast. */
  waitForDownstream: z.boolean().optional(),
  /** The pool whose slots it uses while it is live. Absent: "default". */
  pool: Id.optional(),
  /** Absent: 1. */
  poolSlots: z.number().int().min(1).optional(),
  /** Among tasks that wait for the same slots the highest weight starts first. Absent: 1. See the DAG's weightRule. */
  priority: z.number().int().min(-1_000_000).max(1_000_000).optional(),
  /** At most so many of this task at once over all runs of the DAG. */
  maxActive: z.number().int().min(1).optional(),
  /** The queue whose workers run it. Absent: "pods". */
  queue: QueueName.optional(),
  /** Runs before its work and is undone by a teardown. */
  setup: z.boolean().optional(),
  /** Undoes these setups: runs once what is before it has ended, if one of them succeeded. It decides the run only with `failsRun`. */
  teardown: z.strictObject({ of: z.array(Id), failsRun: z.boolean().optional() }).optional(),
  map: MapSpec.optional(),
  /** Assets that a success of the task updates. */
  outlets: z.array(AssetName).optional(),
  notices: Notices.optional(),
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

/** Stands for the image that the workers are configured with (WINDLASS_FN_IMAGE). */
export const FUNCTION_IMAGE = "windlass/function";

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
  /** The name of the cluster it runs in (a context of the workers' kubeconfig). Absent: the workers' own. */
  cluster: z.string().min(1).optional(),
  /**
   * The task is a function of the DAG file, called with `input`: the worker adds the image of Windlass where the pod names
   * {@link FUNCTION_IMAGE}, the command, and the DAG's bundle.
   */
  fn: z.strictObject({ input: z.record(z.string(), z.unknown()) }).optional(),
  ...AfterEnd.shape,
};

/** Ends every downstream that is not on a chosen way as skipped. */
const branch = {
  /** `{{ … }}` whose value chooses; of `tasks.<id>.output`, `tasks.<id>.exitCode`, `tasks.<id>.state`, `params`, `run`. */
  on: z.string(),
  /** The first case whose `is` equals the value names the downstreams that go on. */
  cases: z.array(z.strictObject({ is: z.unknown(), to: z.array(Id) })),
  /** Where no case fits. Absent: nowhere. */
  otherwise: z.array(Id).optional(),
};

/**
 * A node of a DAG. The scheduler itself resolves `empty`, `branch`, `shortCircuit` and `latestOnly`; workers run all others:
 * `pod` as a Kubernetes pod, `noop` as nothing (it measures the orchestrator), `trigger`, `wait`, `approval`, `http` and `resource`
 * from the worker itself, holding no slot while they wait.
 */
export const TaskSpec = z.discriminatedUnion("operator", [
  z.strictObject({ ...taskBase, operator: z.literal("empty") }),
  z.strictObject({ ...taskBase, operator: z.literal("noop") }),
  z.strictObject({ ...taskBase, ...podTask, operator: z.literal("pod"), pod: PodSpec }),
  z.strictObject({ ...taskBase, ...branch, operator: z.literal("branch") }),
  /** Everything after it is skipped unless `on` is true, a number but 0, a text but "", or a list or object. */
  z.strictObject({ ...taskBase, operator: z.literal("shortCircuit"), on: z.string(), respectRules: z.boolean().optional() }),
  /** What comes directly after it is skipped in runs that are not the latest tick's. */
  z.strictObject({ ...taskBase, operator: z.literal("latestOnly") }),
  z.strictObject({
    ...taskBase,
    operator: z.literal("trigger"),
    dag: Id,
    /** The run's parameters; texts may hold `{{ … }}`. */
    conf: z.record(z.string(), z.unknown()).optional(),
    /** true: it ends as the run does. Absent: it ends when the run is created. */
    wait: z.boolean().optional(),
  }),
  z.strictObject({
    ...taskBase,
    operator: z.literal("wait"),
    for: WaitSpec,
    everyMs: Ms.optional(),
    softFail: z.boolean().optional(),
  }),
  z.strictObject({
    ...taskBase,
    operator: z.literal("approval"),
    /** What the person is asked. May hold `{{ … }}`. */
    question: z.string().min(1),
    /** Answers besides "approve" and "reject"; the choice is the task's result. */
    options: z.array(z.string().min(1)).optional(),
    /** What counts when nobody decided within timeoutMs. Absent: the task fails. */
    onTimeout: z.enum(["fail", "approve", "reject", "skip"]).optional(),
  }),
  z.strictObject({ ...taskBase, operator: z.literal("http"), request: HttpRequest, result: ResultSchema.optional() }),
  z.strictObject({ ...taskBase, operator: z.literal("resource"), resource: ResourceSpec }),
]);
export type TaskSpec = z.infer<typeof TaskSpec>;
export type OperatorName = TaskSpec["operator"];

/** Which operators need no worker. */
export const SCHEDULER_OPERATORS = ["empty", "branch", "shortCircuit", "latestOnly"] as const;
export type SchedulerOperator = (typeof SCHEDULER_OPERATORS)[number];
export type WorkerOperator = Exclude<OperatorName, SchedulerOperator>;

/** What a task is before defaults are filled in. */
export type TaskSpecInput = z.input<typeof TaskSpec>;
