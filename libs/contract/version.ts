import { z } from "zod";
import { DagSpec } from "#core/dag-spec.ts";
import { DagParams } from "./dag.ts";
import { Instant } from "./instant.ts";
import { PageLinks } from "./list.ts";

/** The versions of a DAG whose specs are still there, the youngest first. */
export const VersionListReply = z.object({
  versions: z.array(
    z.object({
      version: z.string(),
      /** When it was last published. */
      publishedAt: Instant,
      /** New runs execute it. */
      current: z.boolean(),
    }),
  ),
  links: PageLinks,
});

export const DiffQuery = z.strictObject({ from: z.string().min(1), to: z.string().min(1) });

const Difference = z.object({
  /** JSON pointer into the task or the DAG. */
  path: z.string(),
  /** Absent: it was not there. */
  from: z.unknown().optional(),
  /** Absent: it is not there any more. */
  to: z.unknown().optional(),
});

/** What differs between two versions of a DAG. */
export const DiffReply = z.object({
  from: z.string(),
  to: z.string(),
  /** Ids of tasks. */
  added: z.array(z.string()),
  removed: z.array(z.string()),
  changed: z.array(z.object({ taskId: z.string(), differences: z.array(Difference) })),
  /** Of the DAG's own options. */
  dag: z.array(Difference),
});

export const VersionParams = DagParams.extend({ version: z.string().regex(/^[0-9a-f]{1,64}$/, "is no version") });

export const VersionReply = z.object({ version: z.string(), spec: DagSpec });
