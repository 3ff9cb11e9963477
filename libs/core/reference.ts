import { z } from "zod";

/**
 * A value that is known only when a task starts, written as the path to it: ["tasks", "extract", "output", "rows"]. The worker
 * puts the value in its place.
 */
export const ReferenceData = z.strictObject({ $from: z.array(z.union([z.string(), z.number().int().min(0)])).min(1) });
export type ReferenceData = z.infer<typeof ReferenceData>;
