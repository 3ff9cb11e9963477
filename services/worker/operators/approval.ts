import { failure } from "#core/failure.ts";
import { type Outcome, skipped, succeeded } from "#core/outcome.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import type { ApprovalStore } from "#state/approval-store.ts";
import type { Operator, TryEnd, TryRun } from "../run-job.ts";
import { leftMs, lookAgain, outOfTime } from "./time-limit.ts";

export interface ApprovalDeps {
  approvals: Pick<ApprovalStore, "decisionOf" | "ask">;
  now(): number;
}

type ApprovalTask = Extract<TaskSpec, { operator: "approval" }>;

/** The answer's route starts the job at once; this look is for the case that it could not. */
const LOOK_EVERY_MS = 60_000;

/** A person decides. The choice is the task's result; "reject" fails it. */
export function approvalOperator({ approvals, now }: ApprovalDeps): Operator {
  return async tryRun => {
    const task = tryRun.task as ApprovalTask;
    const decision = await approvals.decisionOf(tryRun.runId, task.id, tryRun.try);
    if (decision !== undefined) return decided(decision.answer, decision.by, decision.note);
    const at = now();
    if (leftMs(tryRun, at) <= 0) return UNDECIDED[task.onTimeout ?? "fail"](tryRun);
    // Later looks have nothing new to tell.
    if (tryRun.at === tryRun.begunAt) await approvals.ask(tryRun.runId, task.id, at);
    return lookAgain(tryRun, at, LOOK_EVERY_MS, { code: "AwaitingApproval", message: task.question });
  };
}

const NOBODY = "its timeout";

const UNDECIDED: Readonly<Record<NonNullable<ApprovalTask["onTimeout"]>, (tryRun: TryRun) => TryEnd>> = {
  fail: tryRun => ended(outOfTime("ApprovalTimeout", tryRun)),
  approve: () => decided("approve", NOBODY),
  reject: () => decided("reject", NOBODY),
  skip: () => ended(skipped("nobody decided in time")),
};

function decided(answer: string, by: string, note?: string): TryEnd {
  if (answer === "reject") return ended(failure("ApprovalRejected", { values: { by }, evidence: note }));
  return { ...ended(succeeded("Completed", `${by} chose ${answer}`)), output: answer };
}

const ended = (outcome: Outcome) => ({ type: "ended" as const, outcome });
