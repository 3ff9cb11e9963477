import { instantField, toInstant } from "#contract/instant.ts";
import type { TaskReply } from "#contract/run.ts";
import { mapIndexOf } from "#core/instance-id.ts";
import type { JsonValue } from "#core/result.ts";
import type { TaskRun } from "#core/run.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import type { Remark } from "#state/act-store.ts";
import type { TaskNote, TaskTry } from "#state/run-store.ts";
import { links } from "../links.ts";
import { outcomeReply } from "./outcome-reply.ts";
import { remarkField } from "./remark-reply.ts";
import { timelineReply } from "./timeline-reply.ts";

export interface KnownOfTask {
  spec: TaskSpec;
  task: TaskRun;
  /** Those that have ended. */
  tries: readonly TaskTry[];
  note: TaskNote | undefined;
  output: JsonValue | undefined;
  remark: Remark | undefined;
  /** Those whose logs are kept. */
  containers: readonly string[];
}

/** A task as its spec, its record, its ended tries, its result and its worker's note tell together. */
export function taskReply(runId: string, { spec, task, tries, note, output, remark, containers }: KnownOfTask): TaskReply {
  return {
    id: spec.id,
    operator: spec.operator,
    upstream: [...spec.upstream],
    state: task.state,
    try: task.try,
    maxTries: spec.retry.retries + 1,
    infra: task.infra,
    ...(spec.map === undefined || mapIndexOf(spec.id) !== undefined ? {} : { instances: task.count ?? 0 }),
    ...instantField("queuedAt", task.queuedAt),
    ...instantField("startedAt", task.startedAt),
    ...instantField("endedAt", task.endedAt),
    ...instantField("retryAt", task.retryAt),
    ...(task.worker === undefined ? {} : { worker: task.worker }),
    ...(task.pod === undefined ? {} : { pod: task.pod }),
    ...(task.outcome === undefined ? {} : { outcome: outcomeReply(task.outcome) }),
    ...(output === undefined ? {} : { output }),
    ...(note === undefined ? {} : { note: { ...note } }),
    ...remarkField(remark),
    tries: tries.map(({ taskId, startedAt, endedAt, outcome, timeline, later, ...one }) => ({
      ...one,
      outcome: outcomeReply(outcome),
      startedAt: toInstant(startedAt),
      endedAt: toInstant(endedAt),
      ...(timeline === undefined ? {} : { timeline: timelineReply(timeline) }),
      ...(later === undefined ? {} : { later: { ...later, at: toInstant(later.at) } }),
      links: logLinks(runId, taskId, containers, one.try, one.infra),
    })),
    links: { ...logLinks(runId, spec.id, containers), kept: links.keptLogs(runId, spec.id) },
  };
}

const logLinks = (runId: string, taskId: string, containers: readonly string[], ...of: [tryNumber?: number, infra?: number]) => ({
  logs: links.logs(runId, taskId, ...of),
  containers: Object.fromEntries(containers.map(name => [name, links.logs(runId, taskId, of[0], of[1], name)])),
  merged: links.logs(runId, taskId, of[0], of[1], "*"),
});
