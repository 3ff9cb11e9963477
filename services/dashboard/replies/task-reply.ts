import { instantField, toInstant } from "#contract/instant.ts";
import type { TaskReply } from "#contract/run.ts";
import type { TaskSpec } from "#core/dag-spec.ts";
import type { TaskRun } from "#core/run.ts";
import type { TaskNote, TaskTry } from "#state/run-store.ts";
import { links } from "../links.ts";

/** A task as its spec, its record, its ended tries and its worker's note tell together. */
export function taskReply(
  runId: string,
  spec: TaskSpec,
  task: TaskRun,
  tries: readonly TaskTry[],
  note: TaskNote | undefined,
): TaskReply {
  return {
    id: spec.id,
    operator: spec.operator,
    upstream: [...spec.upstream],
    state: task.state,
    try: task.try,
    maxTries: spec.retry.retries + 1,
    infra: task.infra,
    ...instantField("queuedAt", task.queuedAt),
    ...instantField("startedAt", task.startedAt),
    ...instantField("endedAt", task.endedAt),
    ...instantField("retryAt", task.retryAt),
    ...(task.worker === undefined ? {} : { worker: task.worker }),
    ...(task.pod === undefined ? {} : { pod: task.pod }),
    ...(task.outcome === undefined ? {} : { outcome: task.outcome }),
    ...(note === undefined ? {} : { note: { ...note } }),
    tries: tries.map(({ taskId, startedAt, endedAt, ...one }) => ({
      ...one,
      startedAt: toInstant(startedAt),
      endedAt: toInstant(endedAt),
      links: { logs: links.logs(runId, taskId, one.try, one.infra) },
    })),
    links: { logs: links.logs(runId, spec.id) },
  };
}
