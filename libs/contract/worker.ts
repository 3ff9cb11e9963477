import { z } from "zod";
import { Instant } from "./instant.ts";

/** The workers whose heartbeat has not expired. */
export const WorkerListReply = z.object({
  workers: z.array(
    z.object({
      id: z.string(),
      host: z.string(),
      state: z.enum(["running", "draining"]),
      concurrency: z.int(),
      held: z.int(),
      /** By queue that it takes from. */
      queues: z.array(z.object({ name: z.string(), concurrency: z.int(), held: z.int() })),
      startedAt: Instant,
      heartbeatAt: Instant,
    }),
  ),
});
export type WorkerListReply = z.infer<typeof WorkerListReply>;
