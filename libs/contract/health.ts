import { z } from "zod";
import { Instant } from "./instant.ts";

/** Whether runs get on. For probes of this process alone there are /livez and /readyz. */
export const HealthReply = z.object({
  /** "degraded": something below is not as it should be. */
  status: z.enum(["ok", "degraded"]),
  at: Instant,
  /** Whether a scheduler leads. */
  scheduler: z.object({ leads: z.boolean() }),
  workers: z.object({ running: z.int(), draining: z.int(), slots: z.int(), held: z.int() }),
  dags: z.object({ count: z.int(), paused: z.int(), stale: z.int(), importErrors: z.int() }),
  runs: z.object({ live: z.int() }),
  /** What is wrong, in sentences. */
  problems: z.array(z.string()),
});
