import { z } from "zod";
import { MAIN_CONTAINER } from "#core/pod/task-pod.ts";
import type { TaskRun } from "#core/run.ts";
import type { LogRef } from "#logstore/log-store.ts";
import { logLink } from "../log-link.ts";
import type { Ports } from "../ports.ts";
import { ALL } from "./choose-log.ts";

/** Where the cluster's own logging has the log; undefined: the try has no pod yet. */
export async function logElsewhere(
  template: string,
  ref: Required<LogRef>,
  task: TaskRun,
  { runs, now }: Pick<Ports, "runs" | "now">,
): Promise<string | undefined> {
  const ended = (await runs.listTries(ref.runId)).find(
    ({ taskId, try: tryNumber, infra }) => taskId === ref.taskId && tryNumber === ref.try && infra === ref.infra,
  );
  const note = (await runs.notes(ref.runId)).get(ref.taskId);
  const pod = ended?.pod ?? task.pod ?? NotedPod.safeParse(note).data?.pod;
  if (pod === undefined) return undefined;
  const startAt = ended?.startedAt ?? task.startedAt ?? now();
  const container = ref.container === ALL ? MAIN_CONTAINER : ref.container;
  return logLink(template, { pod, container, startAt, endAt: ended?.endedAt ?? now() });
}

/** What a worker says of a try under way. */
const NotedPod = z.object({ pod: z.object({ namespace: z.string(), name: z.string() }) });
