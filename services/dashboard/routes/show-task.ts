import { RunTaskParams } from "#contract/act.ts";
import { TaskReply } from "#contract/run.ts";
import { specOf } from "#core/graph.ts";
import { loggedContainers } from "#core/pod/logged-containers.ts";
import { taskOf } from "#core/run.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { readRun } from "../read-run.ts";
import { taskReply } from "../replies/task-reply.ts";
import { refuseUnknownTasks } from "./unknown.ts";

export const showTask = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId/tasks/:taskId",
  summary: "One task of a run, or one instance of a mapped task, with its tries.",
  params: RunTaskParams,
  query: NOTHING,
  body: NO_BODY,
  reply: TaskReply,
  async handle({ params: { runId, taskId } }, ports) {
    const { run, graph } = await readRun(runId, ports);
    refuseUnknownTasks([taskId], run, graph);
    const { runs } = ports;
    const [tries, notes, outputs, remarks] = await Promise.all([
      runs.listTries(runId),
      runs.notes(runId),
      runs.outputs(runId),
      runs.remarks(runId),
    ]);
    const spec = specOf(graph, taskId)!;
    return {
      body: taskReply(runId, {
        // An instance goes by its own name.
        spec: { ...spec, id: taskId },
        task: taskOf(run, taskId),
        tries: tries.filter(one => one.taskId === taskId),
        note: notes.get(taskId),
        output: outputs.get(taskId),
        remark: remarks.tasks.get(taskId),
        containers: loggedContainers(spec, graph.spec.podDefaults),
      }),
    };
  },
});
