import { setTimeout as sleep } from "node:timers/promises";
import { ApprovalBody, ApprovalParams, ApprovalReply } from "#contract/approval.ts";
import { toInstant } from "#contract/instant.ts";
import { jobId } from "#core/ids.ts";
import { specIdOf } from "#core/instance-id.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import type { ApprovalDecision } from "#state/approval-store.ts";
import { ApiError } from "../http/api-error.ts";
import { inputError } from "../http/check.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { links } from "../links.ts";
import type { Ports } from "../ports.ts";
import { unknownRun } from "./unknown.ts";

export const decideApproval = defineRoute({
  method: "post",
  path: "/api/v1/runs/:runId/tasks/:taskId/approval",
  role: "operator",
  summary: "Answers the question of an approval. The first answer counts; the task goes on at once.",
  params: ApprovalParams,
  query: NOTHING,
  body: ApprovalBody,
  reply: ApprovalReply,
  idempotent: "kept",
  async handle({ params: { runId, taskId }, body: { answer, note }, caller: { name: by }, signal }, ports) {
    const task = await approvalOf(runId, taskId, ports);
    refuseOtherAnswers(task, answer);
    const decision = { answer, by, at: ports.now(), ...(note === undefined ? {} : { note }) };
    const decided = await ports.approvals.decide(runId, taskId, decision);
    switch (decided.result) {
      case "decided":
        await startWaiting({ jobId: jobId(runId, taskId, decided.gen), queue: task.queue }, ports, signal);
        return { body: replyOf(runId, taskId, decision) };
      case "taken":
        // The same request once more: its first answer was lost on the way.
        if (isSame(decided.decision, decision)) return { body: replyOf(runId, taskId, decided.decision) };
        throw new ApiError("WL_APPROVAL_DECIDED", `'${decided.decision.by}' answered '${decided.decision.answer}' before`, {
          links: { run: links.run(runId) },
        });
      case "not-asking":
        throw new ApiError("WL_APPROVAL_NONE", `task '${taskId}' does not ask now`, { links: { run: links.run(runId) } });
      default:
        return decided satisfies never;
    }
  },
});

type ApprovalTask = Extract<TaskSpec, { operator: "approval" }>;

async function approvalOf(runId: string, taskId: string, { runs, dags }: Ports): Promise<ApprovalTask> {
  const run = await runs.getSummary(runId);
  if (run === undefined) throw unknownRun(runId);
  const task = (await dags.getSpec(run.version))?.tasks.find(({ id }) => id === specIdOf(taskId));
  if (task === undefined) throw new ApiError("WL_TASK_UNKNOWN", `run '${runId}' has no task '${taskId}'`);
  if (task.operator !== "approval") throw new ApiError("WL_APPROVAL_NONE", `task '${taskId}' is no approval`);
  return task;
}

function refuseOtherAnswers({ options = [] }: ApprovalTask, answer: string): void {
  const answers = ["approve", "reject", ...options];
  if (answers.includes(answer)) return;
  throw inputError([{ in: "body", pointer: "#/answer", detail: `must be one of ${answers.join(", ")}` }]);
}

const isSame = (known: ApprovalDecision, asked: ApprovalDecision): boolean =>
  known.by === asked.by && known.answer === asked.answer && known.note === asked.note;

const TRIES = 20;
const PAUSE_MS = 50;

/**
 * Starts the job that waits for the answer. A worker may be looking at this very moment and put it back into its delay right after;
 * when that takes longer than a second, its next look finds the answer.
 */
async function startWaiting(
  job: { jobId: string; queue: string | undefined },
  { startJob }: Ports,
  signal: AbortSignal,
): Promise<void> {
  for (let tries = 0; tries < TRIES && !signal.aborted; tries++) {
    if (await startJob(job)) return;
    await sleep(PAUSE_MS);
  }
}

const replyOf = (runId: string, taskId: string, { at, ...decision }: ApprovalDecision): ApprovalReply => ({
  runId,
  taskId,
  ...decision,
  at: toInstant(at),
  links: { run: links.run(runId) },
});
