import type { RunDetailReply } from "#contract/run.ts";
import { loggedContainers } from "#core/pod/logged-containers.ts";
import { type Run, taskOf } from "#core/run.ts";
import { TaskSpec } from "#core/task-spec.ts";
import type { Ports } from "../ports.ts";
import { runVerdict } from "../run-verdict.ts";
import { deadlinesOf } from "./deadlines-reply.ts";
import { remarkField } from "./remark-reply.ts";
import { runReply } from "./run-reply.ts";
import { taskReply } from "./task-reply.ts";

/** Reads what belongs to a run and puts it together: tasks in the order of the DAG's file, each with its ended tries. */
export async function readRunDetail(
  run: Run,
  { dags, runs, marks }: Pick<Ports, "dags" | "runs" | "marks">,
): Promise<RunDetailReply> {
  const [spec, tries, notes, outputs, remarks] = await Promise.all([
    dags.getSpec(run.version),
    runs.listTries(run.id),
    runs.notes(run.id),
    runs.outputs(run.id),
    runs.remarks(run.id),
  ]);
  // A version that is gone leaves the names the record knows.
  const tasks = spec?.tasks ?? [...run.tasks.keys()].map(id => TaskSpec.parse({ id, operator: "noop" }));
  const triesOf = Map.groupBy(tries, one => one.taskId);
  return {
    ...runReply(run),
    ...(await deadlinesOf(run, spec?.deadlines, marks)),
    ...remarkField(remarks.run),
    verdict: runVerdict(run, tasks),
    tasks: tasks.map(task =>
      taskReply(run.id, {
        spec: task,
        task: taskOf(run, task.id),
        tries: triesOf.get(task.id) ?? [],
        note: notes.get(task.id),
        output: outputs.get(task.id),
        remark: remarks.tasks.get(task.id),
        containers: loggedContainers(task, spec?.podDefaults),
      }),
    ),
  };
}
