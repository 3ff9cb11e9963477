import { z } from "zod";
import { Id } from "#core/id.ts";
import { Instant } from "./instant.ts";
import { PageLinks } from "./list.ts";

export const QueueParams = z.strictObject({ queue: Id });

export const PatchQueueBody = z.strictObject({
  /** true: no worker gets a job of it; what runs goes on. */
  paused: z.boolean(),
});

/** A queue, and what it asks of its workers: `demand` is what an autoscaler goes by, against the slots that one worker has. */
export const QueueReply = z.object({
  name: z.string(),
  paused: z.boolean(),
  /** Jobs that wait for a worker, and those that workers have: waiting + active. */
  demand: z.int(),
  waiting: z.int(),
  active: z.int(),
  /** Jobs whose time has not come: a retry's delay, the next look of a wait. */
  delayed: z.int(),
  /** When the oldest job next in line was put in. Absent: none waits. */
  oldestWaitingAt: Instant.optional(),
  oldestWaitMs: z.int(),
  /** The workers that take from it, and how many of its jobs they can hold and do hold. */
  workers: z.object({ ids: z.array(z.string()), count: z.int(), slots: z.int(), held: z.int() }),
  links: z.object({ self: z.string(), board: z.string() }),
});
export type QueueReply = z.infer<typeof QueueReply>;

export const QueueListReply = z.object({ queues: z.array(QueueReply), links: PageLinks });
