import { z } from "zod";
import { Instant } from "./instant.ts";
import { PageLinks } from "./list.ts";

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
  links: PageLinks,
});
export type WorkerListReply = z.infer<typeof WorkerListReply>;

export const WorkerParams = z.strictObject({ workerId: z.string().regex(/^[A-Za-z0-9_.-]{1,300}$/, "is no worker id") });

/** The worker as it was when it was asked. */
export const DrainReply = z.object({ id: z.string(), state: z.enum(["running", "draining"]), held: z.int() });
