import type { TaskReply } from "#contract/run.ts";
import { indexDag, specOf } from "#core/graph.ts";
import { mapIndexOf, specIdOf } from "#core/instance-id.ts";
import { loggedContainers } from "#core/pod/logged-containers.ts";
import { type Run, taskOf } from "#core/run.ts";
import { TaskSpec } from "#core/task-spec.ts";
import type { Ports } from "../ports.ts";
import { taskReply } from "./task-reply.ts";

/** A task of a run or an instance of one: what lists choose by, and how it is shown. */
export interface RunTask {
  id: string;
  /** Its place in the DAG's file, and among the instances of its task. */
  place: readonly [task: number, instance: number];
  spec: TaskSpec;
  state: TaskReply["state"];
  startedAt: number | undefined;
  reply(): TaskReply;
}

/** All tasks of a run in the order of the DAG's file, each mapped one followed by its instances. */
export async function readRunTasks(run: Run, { dags, runs }: Pick<Ports, "dags" | "runs">): Promise<RunTask[]> {
  const [spec, tries, notes, outputs, remarks] = await Promise.all([
    dags.getSpec(run.version),
    runs.listTries(run.id),
    runs.notes(run.id),
    runs.outputs(run.id),
    runs.remarks(run.id),
  ]);
  const graph = spec && indexDag(spec);
  const places = new Map(spec?.tasks.map(({ id }, index) => [id, index]));
  const instances = [...run.tasks.keys()].filter(id => mapIndexOf(id) !== undefined || !places.has(id));
  const triesOf = Map.groupBy(tries, one => one.taskId);
  return [...places.keys(), ...instances]
    .map((id): RunTask => {
      // A version that is gone leaves the names the record knows.
      const own = (graph && specOf(graph, id)) ?? TaskSpec.parse({ id, operator: "noop" });
      const task = taskOf(run, id);
      return {
        id,
        place: [places.get(specIdOf(id)) ?? places.size, (mapIndexOf(id) ?? -1) + 1],
        spec: own,
        state: task.state,
        startedAt: task.startedAt,
        reply: () =>
          taskReply(run.id, {
            spec: { ...own, id },
            task,
            tries: triesOf.get(id) ?? [],
            note: notes.get(id),
            output: outputs.get(id),
            remark: remarks.tasks.get(id),
            containers: loggedContainers(own, spec?.podDefaults),
          }),
      };
    })
    .sort((a, b) => a.place[0] - b.place[0] || a.place[1] - b.place[1]);
}
