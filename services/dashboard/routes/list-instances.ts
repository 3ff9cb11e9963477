import { RunTaskParams } from "#contract/act.ts";
import { InstancesQuery, InstancesReply } from "#contract/task-runs.ts";
import { instanceId } from "#core/instance-id.ts";
import { type TaskState, taskOf } from "#core/run.ts";
import { defineRoute, NO_BODY } from "../http/route.ts";
import { readRun } from "../read-run.ts";
import { taskLineReply } from "../replies/task-line-reply.ts";
import { refuseUnknownTasks } from "./unknown.ts";

export const listInstances = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId/tasks/:taskId/instances",
  role: "viewer",
  summary: "The instances of a mapped task, a page at a time, and how many are in each state.",
  params: RunTaskParams,
  query: InstancesQuery,
  body: NO_BODY,
  reply: InstancesReply,
  async handle({ params: { runId, taskId }, query: { state, limit, offset } }, ports) {
    const { run, graph } = await readRun(runId, ports);
    refuseUnknownTasks([taskId], run, graph);
    const { count: total = 0 } = taskOf(run, taskId);
    const all = Array.from({ length: total }, (_, index) => {
      const id = instanceId(taskId, index);
      return { id, index, task: taskOf(run, id) };
    });
    const counts: Partial<Record<TaskState, number>> = {};
    for (const { task } of all) counts[task.state] = (counts[task.state] ?? 0) + 1;
    const matching = state === undefined ? all : all.filter(({ task }) => task.state === state);
    const page = matching.slice(offset, offset + limit);
    const instances = page.map(({ id, index, task }) => ({ id, index, ...taskLineReply(task) }));
    return { body: { total, counts, matching: matching.length, instances } };
  },
});
