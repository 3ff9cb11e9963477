import { z } from "zod";
import { AssetName } from "#core/asset.ts";
import type { Decision } from "#core/decision.ts";
import { specOf } from "#core/graph.ts";
import { jobId } from "#core/ids.ts";
import { specIdOf } from "#core/instance-id.ts";
import { noticesFor } from "#core/notices-for.ts";
import type { Run } from "#core/run.ts";
import { priorityOf, weightOf } from "#core/weight.ts";
import { JobOrder } from "#queue/job-order.ts";
import { NoticeOrder } from "#queue/notice-order.ts";
import type { LiveRun } from "./live-runs.ts";

/** A task with outlets has succeeded. */
const AssetOrder = z.strictObject({
  kind: z.literal("assets"),
  id: z.string().min(1),
  runId: z.string().min(1),
  taskId: z.string().min(1),
  assets: z.array(AssetName).min(1),
  at: z.number().int(),
});

const Job = z.strictObject({ kind: z.literal("job"), id: z.string().min(1), order: JobOrder });

/** What follows from a step outside of the record. It is committed with the step under its name, and carried out at least once. */
export const OutboxOrder = z.discriminatedUnion("kind", [Job, NoticeOrder, AssetOrder]);
export type OutboxOrder = z.infer<typeof OutboxOrder>;
export type OrderKind = OutboxOrder["kind"];

/** Reads an order back. One without a kind is a job's, as earlier releases wrote it. Throws a SyntaxError or a ZodError. */
export function parseOutboxOrder(id: string, json: string): OutboxOrder {
  const value = JSON.parse(json) as { kind?: unknown };
  return OutboxOrder.parse(value.kind === undefined ? { kind: "job", id, order: value } : value);
}

/** The text that {@link parseOutboxOrder} reads. */
export const formatOutboxOrder = (order: OutboxOrder): string => JSON.stringify(order.kind === "job" ? order.order : order);

/** The orders among a step's decisions. `run` is the run after the step. */
export function ordersOf(live: LiveRun, run: Run, decisions: readonly Decision[], at: number): OutboxOrder[] {
  return decisions.flatMap((decision): OutboxOrder[] => {
    switch (decision.type) {
      case "enqueue": {
        const order = jobOrderOf(live, run, decision);
        return [{ kind: "job", id: order.jobId, order }];
      }
      case "notify":
        return noticesFor(live.graph, run, decision).map(notice => ({ kind: "notice", ...notice }));
      case "updateAssets": {
        const { taskId, assets } = decision;
        const id = `${run.id}~${taskId}~${run.tasks.get(taskId)?.try ?? 0}~assets`;
        return [{ kind: "assets", id, runId: run.id, taskId, assets: [...assets], at }];
      }
      default:
        return [];
    }
  });
}

function jobOrderOf({ graph }: LiveRun, run: Run, decision: Extract<Decision, { type: "enqueue" }>): JobOrder {
  const { taskId, gen, tryBase } = decision;
  const { retry, queue } = specOf(graph, taskId)!;
  // Tries before the task was cleared do not count against its retries.
  const counted = tryBase - (run.tasks.get(taskId)?.floor ?? 0);
  return {
    jobId: jobId(run.id, taskId, gen),
    data: { dag: run.dagId, run: run.id, task: taskId, gen, version: run.version, tryBase, ...requestOf(run) },
    attempts: Math.max(1, retry.retries + 1 - counted),
    retry,
    ...(queue === undefined ? {} : { queue }),
    priority: priorityOf(weightOf(graph, specIdOf(taskId))),
  };
}

const requestOf = ({ trigger: { requestId } }: Run): { requestId?: string } => (requestId === undefined ? {} : { requestId });
