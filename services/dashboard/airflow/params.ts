import { z } from "zod";

const Name = z.string().min(1).max(1_000);

/** What is unknown is answered with 404, whatever it looks like. */
export const DagPath = z.strictObject({ dagId: Name });
export const RunPath = DagPath.extend({ dagRunId: Name });
export const TaskPath = RunPath.extend({ taskId: Name });
export const MappedTaskPath = TaskPath.extend({ mapIndex: z.coerce.number().int().min(-1) });
export const TryPath = TaskPath.extend({ tryNumber: z.coerce.number().int().min(0) });
