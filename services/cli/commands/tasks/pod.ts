import { spawn } from "node:child_process";
import { once } from "node:events";
import type { TaskReply } from "#contract/run.ts";
import { WindlassError } from "#core/errors.ts";
import { showRun } from "../../../dashboard/routes/show-run.ts";
import { resolveRun } from "../../client/run-ref.ts";
import { defineCommand } from "../../frame/command.ts";
import type { ExitCode } from "../../frame/exit-code.ts";
import { flag, parsed } from "../../frame/option.ts";
import { wholeNumber } from "../../input/parse-number.ts";
import { shortInstant } from "../../output/short-instant.ts";
import { RUN, TASK } from "../run-argument.ts";

export const pod = defineCommand({
  name: "pod",
  summary: "Show the pod of a task: what Kubernetes told of its life, and the kubectl lines to go on with.",
  args: { run: RUN, task: TASK },
  options: {
    try: parsed("--try <number>", "which try; else the last", wholeNumber(1)),
    describe: flag("--describe", "run kubectl describe on it"),
  },
  async run({ args, options }, context) {
    const api = await context.api();
    const run = await api.call(showRun, { params: { runId: await resolveRun(api, args.run) } });
    const found = podOf(
      run.tasks.find(({ id }) => id === args.task),
      args.task,
      options.try,
    );
    const { namespace, name } = found.pod;
    if (options.describe) return kubectl(["describe", "pod", name, "-n", namespace]);
    const lines = [
      ...Object.entries({
        Pod: name,
        Namespace: namespace,
        Node: found.pod.node,
        Uid: found.pod.uid,
        ...timesOf(found.timeline),
      }).flatMap(([title, value]) => (value === undefined ? [] : [`${title.padEnd(11)}${value}`])),
      "",
      `kubectl describe pod ${name} -n ${namespace}`,
      `kubectl logs ${name} -n ${namespace} --all-containers`,
    ];
    await context.show({ data: found, rows: [found], columns: [], name: row => row.pod.name, lines });
  },
});

type Try = TaskReply["tries"][number];
interface FoundPod {
  try: number;
  pod: NonNullable<TaskReply["pod"]>;
  timeline?: Try["timeline"];
  outcome?: TaskReply["outcome"];
}

function podOf(task: TaskReply | undefined, taskId: string, wanted: number | undefined): FoundPod {
  if (task === undefined) throw new WindlassError("WL_TASK_UNKNOWN", `the run has no task '${taskId}'`);
  const number = wanted ?? task.try;
  const ended = task.tries.findLast(one => one.try === number);
  const found = ended?.pod ?? (number === task.try ? task.pod : undefined);
  if (found === undefined)
    throw new WindlassError("WL_TRY_UNKNOWN", `try ${number} of '${taskId}' has no pod (the task is ${task.state})`);
  return { try: number, pod: found, timeline: ended?.timeline, outcome: ended?.outcome ?? task.outcome };
}

const timesOf = (timeline: Try["timeline"] = {}): Record<string, string | undefined> => ({
  Created: shortInstant(timeline.createdAt),
  Scheduled: shortInstant(timeline.scheduledAt),
  Pulled: shortInstant(timeline.pulledAt),
  Started: shortInstant(timeline.startedAt),
  Ended: shortInstant(timeline.endedAt),
  Image: timeline.imageId,
  Reason: timeline.reason,
});

async function kubectl(args: readonly string[]): Promise<ExitCode> {
  const child = spawn("kubectl", args, { stdio: "inherit" });
  const [code] = (await once(child, "exit").catch(() => {
    throw new WindlassError("WL_CLI_USAGE", "kubectl could not be started; is it on PATH?");
  })) as [number | null];
  return code ?? 1;
}
