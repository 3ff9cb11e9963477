import { z } from "zod";
import { InstanceId } from "./id.ts";

const Tasks = z.array(InstanceId).min(1).max(100_000);

/** What a person does to a run. Chosen tasks are listed one by one, so that the act says what happened. */
export const Act = z.discriminatedUnion("type", [
  /** The tasks run again, as if they had not; their tries are counted on. `version`: the run goes on with this version of the DAG. */
  z.strictObject({ type: z.literal("clear"), tasks: Tasks, version: z.string().optional() }),
  /** The tasks count as ended so; what runs of them is stopped. */
  z.strictObject({ type: z.literal("mark"), tasks: Tasks, state: z.enum(["success", "failed", "skipped"]) }),
  /** The run counts as ended so; what runs of it is stopped. */
  z.strictObject({ type: z.literal("markRun"), state: z.enum(["success", "failed"]) }),
  /** The next try starts now and not when its delay is over. */
  z.strictObject({ type: z.literal("retryNow"), tasks: Tasks }),
  /** No further try: a task that waits for one has failed. */
  z.strictObject({ type: z.literal("stopRetrying"), tasks: Tasks }),
]);
export type Act = z.infer<typeof Act>;

/** An act on its way to the leader: it stays beside the run until the leader has committed what follows from it. */
export const PendingAct = z.strictObject({ id: z.string().min(1), at: z.number().int(), by: z.string(), act: Act });
export type PendingAct = z.infer<typeof PendingAct>;
