import { z } from "zod";
import { ID_PATTERN, InstanceId } from "#core/id.ts";

/** What a job carries: a reference to a task, never its spec, so that a job can be deleted and made again. */
export const JobData = z.strictObject({
  dag: z.string().regex(ID_PATTERN),
  run: z.string().min(1),
  /** May be an instance of a mapped task. */
  task: InstanceId,
  gen: z.number().int().min(1),
  /** Content hash of the DagSpec. */
  version: z.string().min(1),
  /** Tries that earlier generations used up. */
  tryBase: z.number().int().min(0),
  /** The request that started the run, where there was one: for searching logs. */
  requestId: z.string().max(200).optional(),
});
export type JobData = z.infer<typeof JobData>;
