import type { DagSpec } from "#core/dag-spec.ts";
import { WindlassError } from "#core/errors.ts";
import type { TaskSpec } from "#core/task-spec.ts";
import { type ApiVerdict, classifyApiError } from "../classify-api-error.ts";
import { originText, type RefusedField, refusedFields } from "../explain-refusal.ts";
import type { Kube } from "../kube.ts";
import type { PodSettings, RenderedPod } from "../manifest.ts";
import { type Difference, differences } from "./differences.ts";
import { renderManifest } from "./render-manifest.ts";

export interface PlanOptions {
  spec: DagSpec;
  /** The version to compare with, such as the last run's. */
  before?: DagSpec | undefined;
  settings: PodSettings;
  /** Absent: the cluster is not asked. */
  kube?: Pick<Kube, "dryRunPod">;
  signal?: AbortSignal;
}

/** What the cluster would say to a pod now: its schema, quotas, limit ranges, policies and webhooks have all been asked. */
export type PodVerdict =
  | { accepted: true; warnings: string[] }
  | {
      accepted: false;
      /** A code of the failure table: "QuotaExceeded", "PodSecurity", "LimitRange", "Invalid", … */
      code: string;
      /** The API server's own words. */
      message: string;
      /** Which layers set the fields it is about. */
      fields: RefusedField[];
      /** The same as a sentence; "" when it is about no field. */
      origin: string;
    };

export interface TaskPlan {
  taskId: string;
  /** Absent without `before`. */
  change?: "added" | "removed" | "changed" | "same";
  /** Absent for a removed task, or when `problem` says why it cannot be rendered. */
  rendered?: RenderedPod;
  problem?: WindlassError;
  differences: Difference[];
  /** Absent when the cluster was not asked. */
  verdict?: PodVerdict;
}

/** A cluster takes this many at a time without noticing. */
const AT_ONCE = 8;

/**
 * All pods of a DAG before anything runs: the manifests, what differs from another version, and the cluster's verdict on each.
 * Nothing is created. Tasks without a pod are left out.
 * @throws KubeError when the cluster gives no verdict because it cannot be reached, or the signal's reason
 */
export async function planDag({ spec, before, settings, kube, signal }: PlanOptions): Promise<TaskPlan[]> {
  const plans = podTasks(spec).map(task => planTask(task, spec, before, settings));
  if (kube !== undefined) {
    const sources = new Map(spec.tasks.map(task => [task.id, task]));
    const waiting = [...plans];
    const ask = async () => {
      for (let plan = waiting.shift(); plan !== undefined; plan = waiting.shift()) {
        if (plan.rendered) plan.verdict = await verdictOn(plan.rendered, sources.get(plan.taskId)!, kube, signal);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
  }
  const kept = new Set(plans.map(({ taskId }) => taskId));
  const removed = podTasks(before).filter(({ id }) => !kept.has(id));
  return [...plans, ...removed.map(({ id }): TaskPlan => ({ taskId: id, change: "removed", differences: [] }))];
}

const podTasks = (spec: DagSpec | undefined): TaskSpec[] => spec?.tasks.filter(({ operator }) => operator === "pod") ?? [];

function planTask({ id: taskId }: TaskSpec, spec: DagSpec, before: DagSpec | undefined, settings: PodSettings): TaskPlan {
  const rendered = tryRender(spec, taskId, settings);
  if (rendered instanceof WindlassError) return { taskId, problem: rendered, differences: [] };
  if (before === undefined) return { taskId, rendered, differences: [] };
  const had = podTasks(before).some(({ id }) => id === taskId);
  const old = had ? tryRender({ ...before, id: spec.id }, taskId, settings) : undefined;
  if (old === undefined || old instanceof WindlassError) return { taskId, rendered, change: "added", differences: [] };
  const found = differences(old, rendered);
  return { taskId, rendered, change: found.length > 0 ? "changed" : "same", differences: found };
}

function tryRender(spec: DagSpec, taskId: string, settings: PodSettings): RenderedPod | WindlassError {
  try {
    return renderManifest(spec, taskId, settings);
  } catch (error) {
    if (error instanceof WindlassError) return error;
    throw error;
  }
}

async function verdictOn(
  rendered: RenderedPod,
  task: TaskSpec,
  kube: Pick<Kube, "dryRunPod">,
  signal: AbortSignal | undefined,
): Promise<PodVerdict> {
  const { manifest } = rendered;
  try {
    return { accepted: true, warnings: await kube.dryRunPod(manifest.metadata.namespace, manifest, signal) };
  } catch (error) {
    if (signal?.aborted) throw error;
    const verdict = classifyApiError(error);
    if (verdict.action === "restart") throw error;
    const fields = refusedFields(error, manifest, rendered.provenance());
    return { accepted: false, ...wordsOf(verdict, error), fields, origin: originText(fields, task) };
  }
}

function wordsOf(verdict: Exclude<ApiVerdict, { action: "restart" }>, error: unknown): { code: string; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  return { code: verdict.action === "wait" ? verdict.code : verdict.outcome.code, message };
}
