import { z } from "zod";
import { Id } from "./id.ts";

/** The pool of a task that names none. Without limit until somebody sets one. */
export const DEFAULT_POOL = "default";

/** Slots that tasks share. A task uses its poolSlots while it is live. */
export const Pool = z.strictObject({
  name: Id,
  /** 0: nobody goes in. */
  slots: z.number().int().min(0).max(1_000_000),
  description: z.string().max(1_000).optional(),
  /** Tasks that wait for something outside keep their slots. Absent: they give them back. */
  includeDeferred: z.boolean().optional(),
});
export type Pool = z.infer<typeof Pool>;
