import { instantField, toInstant } from "#contract/instant.ts";
import { DagTaskParams, TaskRunsQuery, TaskRunsReply } from "#contract/task-runs.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import { taskLineReply } from "../replies/task-line-reply.ts";

export const listTaskRuns = defineRoute({
  method: "get",
  path: "/api/v1/dags/:dagId/tasks/:taskId/runs",
  role: "viewer",
  summary: "One task in the last runs of its DAG.",
  params: DagTaskParams,
  query: TaskRunsQuery,
  body: NO_BODY,
  reply: TaskRunsReply,
  async handle({ params: { dagId, taskId }, query: { limit, before } }, { runs }) {
    const page = await runs.listRuns({ dagId, limit, ...(before === undefined ? {} : { before }) });
    const tasks = await Promise.all(page.map(({ id }) => runs.getTask(id, taskId)));
    return {
      body: {
        runs: page.flatMap((run, i) => {
          const task = tasks[i];
          if (task === undefined) return [];
          const of = { runId: run.id, runState: run.state, createdAt: toInstant(run.createdAt) };
          return [{ ...of, ...instantField("logicalAt", run.logicalAt), ...taskLineReply(task) }];
        }),
      },
    };
  },
});
