import { z } from "zod";
import { Instant } from "./instant.ts";
import { IntervalReply } from "./interval.ts";

export const NextRunsQuery = z.strictObject({ n: z.coerce.number().int().min(1).max(1_000).default(10) });

/** What a schedule is going to start. */
export const NextRunsReply = z.object({
  /** true: nothing of this starts before the DAG is unpaused. */
  paused: z.boolean(),
  runs: z.array(
    z.object({
      id: z.string(),
      /** The instant that the run stands for. */
      logicalAt: Instant,
      interval: IntervalReply,
      /** When it is going to start, the DAG's jitter included. */
      startsAt: Instant,
    }),
  ),
});
export type NextRunsReply = z.infer<typeof NextRunsReply>;
