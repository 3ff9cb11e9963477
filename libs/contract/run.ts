import { z } from "zod";
import { TASK_STATES } from "#core/run.ts";
import { TaskSpec } from "#core/task-spec.ts";
import { AssetReply } from "./asset.ts";
import { Instant } from "./instant.ts";
import { IntervalReply } from "./interval.ts";
import { isShallow } from "./is-shallow.ts";
import { commaList, InstantQuery, orderBy, PageLinks, pageQuery } from "./list.ts";
import { RunId } from "./run-id.ts";
import { RunOverride } from "./run-override.ts";
import { VerdictReply } from "./verdict.ts";
import { Wait } from "./wait.ts";

/** What somebody wrote about a run or a task. */
export const RemarkReply = z.object({ text: z.string(), by: z.string(), at: Instant });
export type RemarkReply = z.infer<typeof RemarkReply>;

export const RunState = z.enum(["queued", "running", "success", "failed", "cancelled"]);

export const RunParams = z.strictObject({ runId: RunId });

export const TRIGGER_KINDS = ["manual", "schedule", "api", "adhoc", "bench", "backfill", "asset", "trigger", "rerun"] as const;

export const ListRunsQuery = z.strictObject({
  dagId: z.string().max(200).optional(),
  state: commaList(RunState).optional(),
  /** What started them. */
  trigger: commaList(z.enum(TRIGGER_KINDS)).optional(),
  backfillId: z.string().max(500).optional(),
  /** Instants, each included. */
  createdAfter: InstantQuery.optional(),
  createdBefore: InstantQuery.optional(),
  startedAfter: InstantQuery.optional(),
  startedBefore: InstantQuery.optional(),
  endedAfter: InstantQuery.optional(),
  endedBefore: InstantQuery.optional(),
  /** "-createdAt": newest first. */
  order: orderBy("createdAt").default("-createdAt"),
  ...pageQuery(50, 500),
});

/** Waits so long, at most 10 minutes, for the end of the run: `wait=60s`. The status tells: 202 when it goes on. */
export const WaitQuery = z.strictObject({ wait: Wait.optional() });

export const StartRunBody = z.strictObject({
  /** The part after "<dagId>~", or the whole id. Default: made from the time. */
  runId: z
    .string()
    .regex(/^[A-Za-z0-9_.~-]{1,400}$/, "use letters, digits, '_', '.' and '-'")
    .optional(),
  /** Parameters of the run: a JSON object, nested at most 64 deep. */
  conf: z.record(z.string(), z.unknown()).refine(isShallow, "is nested deeper than 64").default({}),
  /** What is otherwise in the pods of this run: `{ "train": { "resources": { "limits": { "memory": "8Gi" } } } }`. */
  override: RunOverride.optional(),
});

const RunLinks = z.object({ self: z.string(), ui: z.string(), cancel: z.string() });

export const StartRunReply = z.object({
  id: z.string(),
  /** true: an earlier request with the same Idempotency-Key had started it. */
  replayed: z.boolean(),
  /** With `wait`: where the run stands now. */
  state: RunState.optional(),
  links: RunLinks,
});
export type StartRunReply = z.infer<typeof StartRunReply>;

export const RunReply = z.object({
  id: z.string(),
  dagId: z.string(),
  version: z.string(),
  state: RunState,
  trigger: z.object({
    kind: z.enum(TRIGGER_KINDS),
    by: z.string().optional(),
    /** The request that started it. */
    requestId: z.string().optional(),
    /** The task that started it. */
    parent: z.object({ runId: z.string(), taskId: z.string() }).optional(),
    backfillId: z.string().optional(),
    /** The run it repeats. */
    rerunOf: z.string().optional(),
    /** The updates of assets that asked for it, oldest first. */
    assets: z.array(AssetReply).optional(),
  }),
  conf: z.record(z.string(), z.unknown()),
  createdAt: Instant,
  startedAt: Instant.optional(),
  endedAt: Instant.optional(),
  /** The instant a scheduled run stands for. */
  logicalAt: Instant.optional(),
  /** The data it is about; of a scheduled run. */
  interval: IntervalReply.optional(),
  /** Somebody asked to cancel the run. */
  cancelAt: Instant.optional(),
  links: RunLinks,
});
export type RunReply = z.infer<typeof RunReply>;

export const RunListReply = z.object({ runs: z.array(RunReply), links: PageLinks });
export type RunListReply = z.infer<typeof RunListReply>;

const TaskState = z.enum(TASK_STATES);

const OutcomeReply = z.object({
  result: z.enum(["success", "failed", "skipped", "cancelled"]),
  /** "Completed", "ExitCode", "OOMKilled", "StartError", … */
  code: z.string(),
  blame: z.enum(["none", "user", "infra", "config", "policy"]),
  /** What happened. Where: the container here, node and pod beside it. */
  message: z.string(),
  exitCode: z.int().optional(),
  container: z.string().optional(),
  /** What Kubernetes said, verbatim. */
  evidence: z.string().optional(),
  /** What the reader can do. */
  advice: z.string().optional(),
});
export type OutcomeReply = z.infer<typeof OutcomeReply>;

const PodReply = z.object({ namespace: z.string(), name: z.string(), uid: z.string(), node: z.string().optional() });

/** What the cluster told about a pod's life; Kubernetes dates it to the second. Steps that were not reached are absent. */
export const TimelineReply = z.object({
  createdAt: Instant.optional(),
  scheduledAt: Instant.optional(),
  /** Known of pods that were slow to start. */
  pulledAt: Instant.optional(),
  startedAt: Instant.optional(),
  endedAt: Instant.optional(),
  /** The digest of the image that ran. */
  imageId: z.string().optional(),
  /** Kubernetes' word for the end. */
  reason: z.string().optional(),
});
export type TimelineReply = z.infer<typeof TimelineReply>;

/** Where the logs of a try are. */
const LogLinks = z.object({
  /** The main container's, with what the cluster and Windlass say about the try. */
  logs: z.string(),
  /** One each by its name, as the DAG has them. */
  containers: z.record(z.string(), z.string()),
  /** All of them as one text. */
  merged: z.string(),
});

/** A try that has ended. */
const TryReply = z.object({
  try: z.int(),
  infra: z.int(),
  state: TaskState,
  startedAt: Instant,
  endedAt: Instant,
  worker: z.string().optional(),
  pod: PodReply.optional(),
  outcome: OutcomeReply,
  timeline: TimelineReply.optional(),
  /** What the pod said of its end after the outcome was recorded, where it said something else. The outcome stands. */
  later: z.object({ code: z.string(), message: z.string(), at: Instant }).optional(),
  /** What the task's texts with `{{ … }}` became for this try, by where they stand: { "pod.args.1": "2026-01-31" }. */
  rendered: z.record(z.string(), z.string()).optional(),
  links: LogLinks,
});

export const TaskReply = z.object({
  id: z.string(),
  operator: z.enum(TaskSpec.options.map(({ shape }) => shape.operator.value)),
  upstream: z.array(z.string()),
  state: TaskState,
  /** The last try that was begun; 0 before the first. */
  try: z.int(),
  maxTries: z.int(),
  infra: z.int(),
  /** Of a mapped task: how many instances it has; 0 while its list is not known. */
  instances: z.int().optional(),
  queuedAt: Instant.optional(),
  startedAt: Instant.optional(),
  endedAt: Instant.optional(),
  /** When the next try is due. */
  retryAt: Instant.optional(),
  worker: z.string().optional(),
  pod: PodReply.optional(),
  outcome: OutcomeReply.optional(),
  /** The result that the task wrote: any JSON, at most 4 KiB. Absent: it has none, or not yet. */
  output: z.unknown().optional(),
  /** What the worker last said about the try under way, such as the pod's phase. */
  note: z.record(z.string(), z.unknown()).optional(),
  /** What a person wrote about it. */
  remark: RemarkReply.optional(),
  tries: z.array(TryReply),
  /** Of the last try; `kept` lists every log that there is, also of containers that the DAG does not know of. */
  links: LogLinks.extend({ kept: z.string() }),
});
export type TaskReply = z.infer<typeof TaskReply>;

/** A moment by which the run should have ended. */
const DeadlineReply = z.object({
  dueAt: Instant,
  /** When it was noticed that the run had not ended by then. */
  missedAt: Instant.optional(),
});

export const RunDetailReply = RunReply.extend({
  /** In the order of the DAG's file. Absent: it has none. */
  deadlines: z.array(DeadlineReply).optional(),
  /** What a person wrote about it. */
  remark: RemarkReply.optional(),
  verdict: VerdictReply,
  tasks: z.array(TaskReply),
});
export type RunDetailReply = z.infer<typeof RunDetailReply>;

export const CancelReply = z.object({
  id: z.string(),
  /** "ended": there was nothing left to cancel. */
  result: z.enum(["requested", "already", "ended"]),
  links: RunLinks,
});
