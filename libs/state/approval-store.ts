import type { Redis } from "ioredis";
import { tell } from "./event-stream.ts";
import type { Keys } from "./keys.ts";
import type { HistoryEntry } from "./run-store.ts";
import { SCRIPTS } from "./scripts.ts";

/** What a person answered to an approval's question. */
export interface ApprovalDecision {
  answer: string;
  note?: string;
  by: string;
  at: number;
}

export type DecideResult =
  /** `gen`: the generation of the job that waits for it. */
  | { result: "decided"; gen: number }
  /** Somebody was faster. */
  | { result: "taken"; decision: ApprovalDecision }
  /** The task does not ask now, or there is none. */
  | { result: "not-asking" };

/** Answers of people, one for each try of an approval. */
export interface ApprovalStore {
  /** Tells whoever watches that a task asks. */
  ask(runId: string, taskId: string, at: number): Promise<void>;
  /** The first answer counts. */
  decide(runId: string, taskId: string, decision: ApprovalDecision): Promise<DecideResult>;
  decisionOf(runId: string, taskId: string, tryNumber: number): Promise<ApprovalDecision | undefined>;
}

export function openApprovalStore(redis: Redis, keys: Keys): ApprovalStore {
  return {
    async ask(runId, taskId, at) {
      await tell(redis, keys, { kind: "approval", runId, taskId, state: "asked" }, at);
    },

    async decide(runId, taskId, decision) {
      const entry: HistoryEntry = { type: "approval.decided", taskId, ...decision };
      const reply = await SCRIPTS.decideApproval.run(
        redis,
        { run: keys.run(runId), tasks: keys.tasks(runId), history: keys.history(runId), events: keys.events },
        { runId, taskId, decision: JSON.stringify(decision), entry: JSON.stringify(entry) },
      );
      const [result, detail] = reply as [DecideResult["result"], string];
      if (result === "taken") return { result, decision: JSON.parse(detail) as ApprovalDecision };
      return result === "decided" ? { result, gen: Number(detail) } : { result };
    },

    async decisionOf(runId, taskId, tryNumber) {
      const text = await redis.hget(keys.run(runId), `approval:${taskId}/${tryNumber}`);
      return text === null ? undefined : (JSON.parse(text) as ApprovalDecision);
    },
  };
}
