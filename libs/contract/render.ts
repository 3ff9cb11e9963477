import { z } from "zod";
import { InstanceId } from "#core/id.ts";

const VersionText = z.string().regex(/^[0-9a-f]{1,64}$/, "is no version");

export const RenderQuery = z.strictObject({
  /** Only this task. */
  taskId: InstanceId.optional(),
  /** Default: the one that new runs execute. */
  version: VersionText.optional(),
});

/** Pods as workers would send them; `{{ … }}` stands where a run would put a value. */
export const RenderReply = z.object({
  version: z.string(),
  pods: z.array(
    z.object({
      taskId: z.string(),
      /** Absent: `problem` says why. */
      manifest: z.record(z.string(), z.unknown()).optional(),
      /** The manifest; behind every value the layer that set it. */
      yaml: z.string().optional(),
      problem: z.string().optional(),
    }),
  ),
  /** What may differ from the pods that are sent. */
  caveats: z.array(z.string()),
});

export const PlanQuery = z.strictObject({
  /** The version to compare with. Default: the one before. */
  from: VersionText.optional(),
  version: VersionText.optional(),
});

/** What a version changes in the pods of a DAG. The cluster is not asked: the dashboard has no right to. `windlass dags plan` does. */
export const PlanReply = z.object({
  /** Absent: there is no other version. */
  from: z.string().optional(),
  version: z.string(),
  tasks: z.array(
    z.object({
      taskId: z.string(),
      change: z.enum(["added", "removed", "changed", "same"]),
      differences: z.array(
        z.object({
          /** With names instead of positions: `spec.containers[main].image`. */
          path: z.string(),
          before: z.unknown().optional(),
          after: z.unknown().optional(),
          /** What sets it. */
          layer: z.string(),
        }),
      ),
      problem: z.string().optional(),
    }),
  ),
  caveats: z.array(z.string()),
});

export const SourceQuery = z.strictObject({ version: VersionText.optional() });

/** The DAG file's text as it was when the version was published. */
export const SourceReply = z.object({ version: z.string(), file: z.string(), source: z.string() });
