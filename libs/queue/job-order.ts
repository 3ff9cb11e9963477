import { z } from "zod";
import { QueueName } from "#core/queue-name.ts";
import { RetryPolicy } from "#core/retry-policy.ts";
import { JobData } from "./job-data.ts";

/** A job to be put into the queue. Its id is computed: putting it in twice is putting it in once. */
export const JobOrder = z.strictObject({
  jobId: z.string().min(1),
  data: JobData,
  /** How often the job may be tried, from 1. */
  attempts: z.number().int().min(1),
  retry: RetryPolicy,
  /** Whose workers run it. Absent: the usual queue. */
  queue: QueueName.optional(),
  /** Of those that wait in the queue the lowest goes first. Absent: that of a task which says nothing of its priority. */
  priority: z.number().int().min(1).max(2_097_151).optional(),
});
export type JobOrder = z.infer<typeof JobOrder>;

/** Reads an order back from the outbox. Throws a SyntaxError or a ZodError. */
export const parseJobOrder = (json: string): JobOrder => JobOrder.parse(JSON.parse(json));
