import { ApprovalListReply } from "#contract/approval.ts";
import { instantField } from "#contract/instant.ts";
import { PageQuery } from "#contract/list.ts";
import { specOf } from "#core/graph.ts";
import type { TaskState } from "#core/run.ts";
import { pageOf, sortableNumber } from "../http/page-of.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { links } from "../links.ts";
import { readLiveRuns } from "../live-runs.ts";

/** It asks while it waits, and while a worker looks whether somebody has answered. */
const ASKING: ReadonlySet<TaskState> = new Set(["deferred", "running"]);

export const listApprovals = defineRoute({
  method: "get",
  path: "/api/v1/approvals",
  role: "viewer",
  summary: "Approvals that wait for somebody's answer, the longest first.",
  params: NOTHING,
  query: PageQuery,
  body: NO_BODY,
  reply: ApprovalListReply,
  async handle({ query, caller, pageAfter }, ports) {
    const live = (await readLiveRuns(ports)).filter(({ run }) => caller.mayRead(run.dagId));
    const asking = live.flatMap(({ run, graph }) =>
      [...run.tasks].flatMap(([taskId, { state, startedAt }]) => {
        const task = specOf(graph, taskId);
        if (task?.operator !== "approval" || !ASKING.has(state)) return [];
        return [{ runId: run.id, dagId: run.dagId, taskId, startedAt, question: task.question, options: task.options ?? [] }];
      }),
    );
    const page = pageOf(asking, query, ({ startedAt = 0, runId, taskId }) => `${sortableNumber(startedAt)} ${runId} ${taskId}`);
    return {
      body: {
        approvals: page.items.map(({ startedAt, options, ...one }) => ({
          ...one,
          options: ["approve", "reject", ...options],
          ...instantField("askedAt", startedAt),
          links: { run: links.run(one.runId), decide: links.approval(one.runId, one.taskId) },
        })),
        links: pageAfter(page.next),
      },
    };
  },
});
