import { z } from "zod";
import { Instant } from "./instant.ts";

export const RunState = z.enum(["queued", "running", "success", "failed", "cancelled"]);

/** A run as charts and short lists need it. */
export const RunLineReply = z.object({
  id: z.string(),
  dagId: z.string(),
  state: RunState,
  /** What started it: "schedule", "api", "backfill", … */
  kind: z.string(),
  createdAt: Instant,
  startedAt: Instant.optional(),
  endedAt: Instant.optional(),
  logicalAt: Instant.optional(),
});
export type RunLineReply = z.infer<typeof RunLineReply>;

/** Whether the parts of the installation do their work. What the dashboard cannot know is absent. */
export const OverviewHealthReply = z.object({
  scheduler: z.object({
    /** Who leads; absent: nobody does, so that nothing starts. */
    leader: z.string().optional(),
    /** Ended tasks and other news that the leader has not looked at yet. */
    unread: z.int(),
  }),
  workers: z.object({
    alive: z.int(),
    draining: z.int(),
    /** Tries they hold, and may hold. */
    held: z.int(),
    slots: z.int(),
    /** Queues with waiting tasks that no worker takes from. */
    unserved: z.array(z.string()),
  }),
  redis: z.object({ answeredMs: z.number() }),
  /** Tasks that wait in the queue, and since when the oldest of them does. */
  waiting: z.object({
    count: z.int(),
    oldestAt: Instant.optional(),
    runId: z.string().optional(),
    taskId: z.string().optional(),
  }),
});
export type OverviewHealthReply = z.infer<typeof OverviewHealthReply>;

/** Failures of one kind: one task, one code, in the runs since the DAG last went well. */
export const FailureGroupReply = z.object({
  dagId: z.string(),
  /** Absent: no task has failed; the run was stopped, or marked. */
  taskId: z.string().optional(),
  /** As in docs/reference/failures.md. */
  code: z.string(),
  blame: z.enum(["none", "user", "infra", "config", "policy"]),
  /** Of the last failure. */
  message: z.string(),
  advice: z.string().optional(),
  /** How many runs it has failed. */
  count: z.int(),
  firstAt: Instant,
  lastAt: Instant,
  /** The last run it has failed. */
  runId: z.string(),
  /** When the task went well again, in a run that is younger than all of these. */
  recoveredAt: Instant.optional(),
});
export type FailureGroupReply = z.infer<typeof FailureGroupReply>;

export const RunningReply = RunLineReply.extend({
  /** Its tasks: all, those that have ended, those of them that have failed. */
  tasks: z.int(),
  ended: z.int(),
  failed: z.int(),
  /** How long the DAG's last successful runs took, in the middle. */
  medianMs: z.number().optional(),
});
export type RunningReply = z.infer<typeof RunningReply>;

/** What happens now: the start page. */
export const OverviewReply = z.object({
  at: Instant,
  /** What the installation is called: WINDLASS_ENVIRONMENT. */
  environment: z.string().optional(),
  health: OverviewHealthReply,
  /** Of the last 24 hours; what has not recovered comes first, then the newest. */
  failing: z.array(FailureGroupReply),
  /** The oldest first; at most 100. */
  running: z.array(RunningReply),
  /** How many runs are under way. */
  runningCount: z.int(),
  timeline: z.object({
    fromAt: Instant,
    untilAt: Instant,
    /** Runs of that time; at most 1,000, the youngest of them. */
    runs: z.array(RunLineReply),
    /** What schedules are going to start; at most 500. */
    coming: z.array(z.object({ dagId: z.string(), startsAt: Instant })),
  }),
  /** Runs created in the last 24 hours by state. */
  counts: z.record(RunState, z.int()),
  importErrors: z.int(),
  /** Tasks that wait for somebody's word. */
  approvals: z.array(z.object({ runId: z.string(), dagId: z.string(), taskId: z.string(), sinceAt: Instant.optional() })),
});
export type OverviewReply = z.infer<typeof OverviewReply>;
