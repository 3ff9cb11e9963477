import { z } from "zod";
import { Id } from "#core/id.ts";
import { Pool } from "#core/pool.ts";
import { PageLinks } from "./list.ts";

export const PoolParams = z.strictObject({ pool: Id });

export const PutPoolBody = Pool.omit({ name: true });

export const PoolReply = z.object({
  name: z.string(),
  /** Absent: without limit. A pool that tasks name and nobody has set up has 0. */
  slots: z.int().optional(),
  description: z.string().optional(),
  /** Tasks that wait for something outside keep their slots. */
  includeDeferred: z.boolean(),
  /** Slots that are free; absent where there is no limit. */
  open: z.int().optional(),
  /** Slots in use; what follows is counted in slots, too. */
  occupied: z.int(),
  queued: z.int(),
  running: z.int(),
  /** Of tasks that are ready and wait for a slot or for another limit. */
  waiting: z.int(),
  deferred: z.int(),
  links: z.object({ self: z.string() }),
});
export type PoolReply = z.infer<typeof PoolReply>;

export const PoolListReply = z.object({ pools: z.array(PoolReply), links: PageLinks });
