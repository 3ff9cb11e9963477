import type { RunDetailReply, TaskReply } from "#contract/run.ts";
import { sentenceOf } from "#core/failure.ts";
import { loggedContainers } from "#core/pod/logged-containers.ts";
import { parseLine } from "#logstore/log-line.ts";
import type { LogStore } from "#logstore/log-store.ts";
import type { TaskNote } from "#state/run-store.ts";
import type { LocalRun } from "#testing/local-run.ts";
import { runReply } from "../../dashboard/replies/run-reply.ts";
import { taskReply } from "../../dashboard/replies/task-reply.ts";
import { runVerdict } from "../../dashboard/run-verdict.ts";

/** The run as the API would tell it. */
export function runDetail(run: LocalRun, notes: ReadonlyMap<string, TaskNote>): RunDetailReply {
  const { podDefaults, tasks } = run.graph.spec;
  const replies = tasks.map(spec =>
    taskReply(run.run.id, {
      spec,
      task: run.task(spec.id),
      tries: run.tries.filter(({ taskId }) => taskId === spec.id),
      note: notes.get(spec.id),
      output: run.outputs.get(spec.id),
      remark: undefined,
      containers: loggedContainers(spec, podDefaults),
    }),
  );
  return { ...runReply(run.run), verdict: runVerdict(run.run, tasks), tasks: replies };
}

const SHOWN_LINES = 40;

/** The tasks and instances that failed by a try of their own: how the last one ended, and the end of its log. */
export async function failedTries(run: LocalRun, logs: LogStore): Promise<string[]> {
  const lines: string[] = [];
  for (const { id } of run.graph.spec.tasks) {
    for (const taskId of [id, ...run.instancesOf(id)]) {
      const { state, outcome, try: tryNumber, reason } = run.task(taskId);
      if (state !== "failed" || (outcome === undefined && reason === undefined)) continue;
      const why = outcome === undefined ? `${reason!.code}: ${reason!.detail ?? ""}` : sentenceOf(outcome);
      lines.push("", `✘ ${taskId}  try ${tryNumber}  ${why}`);
      const infra = run.tries.findLast(one => one.taskId === taskId)?.infra ?? 0;
      for (const line of await lastLines(logs, { runId: run.run.id, taskId, try: tryNumber, infra })) lines.push(`  | ${line}`);
    }
  }
  return lines;
}

async function lastLines(logs: LogStore, ref: Parameters<LogStore["read"]>[0]): Promise<string[]> {
  const reading = await logs.read(ref, { tailLines: SHOWN_LINES });
  if (reading === undefined) return [];
  const chunks: Buffer[] = [];
  for await (const chunk of reading.chunks) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString("utf8");
  return text
    .split("\n")
    .filter(line => line !== "")
    .map(line => parseLine(line)?.text ?? line);
}

/** A task that has ended, in one line. */
export function endLine(task: Pick<TaskReply, "id" | "state" | "startedAt" | "endedAt" | "outcome">): string {
  const { id, state, startedAt, endedAt, outcome } = task;
  const tookMs = startedAt === undefined || endedAt === undefined ? undefined : Date.parse(endedAt) - Date.parse(startedAt);
  const code = outcome === undefined || outcome.code === "Completed" ? [] : [outcome.code];
  return [id, state, ...code, ...(tookMs === undefined ? [] : [`${(tookMs / 1_000).toFixed(1)} s`])].join("  ");
}
