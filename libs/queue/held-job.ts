import type { JobData } from "./job-data.ts";

/** A job in a worker's hands. */
export interface HeldJob {
  id: string;
  data: JobData;
  /** The try this is, counted over all generations, from 1. */
  try: number;
  /** Grows with every activation of the job: the fence of a claim. */
  epoch: number;
  /** Shows a small value in Bull Board. Advisory: a failure is reported, never thrown. */
  progress(value: object): Promise<void>;
  /** Appends a line to the job's log in Bull Board, which keeps the last 200. Advisory like progress. */
  log(line: string): Promise<void>;
}

/** How a handler lets go of a job. */
export type JobEnd =
  | { type: "done" }
  /** The try failed: the next one after `delayMs`, by default after what the job's retry policy says. */
  | { type: "retry"; message: string; delayMs?: number }
  /** The task failed: no further try. */
  | { type: "failed"; message: string }
  /** Not the task's fault: again after `delayMs`, without using up a try. */
  | { type: "defer"; delayMs: number }
  /** Another worker shall take it over now, without using up a try. */
  | { type: "hand-back" };

/**
 * Why a handler has to stop, as `signal.reason`: `cancel` a person cancels · `drain` the worker shuts down, hand back ·
 * `lock-lost` another worker has the job, let go.
 */
export type AbortReason = "cancel" | "drain" | "lock-lost";

/** Works a job off. After `drain` and `lock-lost` it has to settle within the grace, or is left behind. */
export type JobHandler = (job: HeldJob, signal: AbortSignal) => Promise<JobEnd>;
