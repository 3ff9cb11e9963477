import { z } from "zod";
import { BundleFiles, BundleName } from "#core/bundle-files.ts";
import { Instant } from "./instant.ts";

export const BundleParams = z.strictObject({ bundle: BundleName });

export const PutBundleQuery = z.strictObject({
  /** true: the files are looked at, and nothing goes live. */
  dryRun: z.stringbool().default(false),
});

const Message = z.string().max(500);

export const PutBundleBody = z.strictObject({
  /** The DAG folder: texts of files by their paths below it. At most 1 MiB with everything around it; may be sent gzipped. */
  files: BundleFiles,
  /** What is new: a commit, for example. */
  message: Message.optional(),
});

export const PatchBundleBody = z.strictObject({
  /** A version that is kept: it goes live again. */
  version: z.string().min(1).max(64),
});

const BundleProblem = z.object({
  /** Below the bundle's folder. */
  file: z.string(),
  line: z.int().optional(),
  /** One of the codes of docs/reference/errors.md. */
  code: z.string(),
  message: z.string(),
});

export const BundleReply = z.object({
  name: z.string(),
  /** The version whose DAGs are live. Absent: none was good so far. */
  active: z.string().optional(),
  /** What became of the last request: "checking" until a scheduler has looked at it; "good" is a dry run that would have gone live. */
  status: z.enum(["checking", "live", "good", "refused"]),
  /** The version of the last request. */
  version: z.string(),
  /** Of a version that was looked at: the DAGs in it. */
  dags: z.array(z.string()),
  /** Why it was refused. */
  problems: z.array(BundleProblem),
  /** The versions that are kept, at most 20, the youngest first. */
  versions: z.array(
    z.object({
      version: z.string(),
      /** When it was first sent. */
      sentAt: Instant,
      by: z.string(),
      message: z.string().optional(),
      files: z.int(),
      sizeBytes: z.int(),
      active: z.boolean(),
    }),
  ),
  links: z.object({ self: z.string() }),
});
export type BundleReply = z.infer<typeof BundleReply>;

export const BundleListReply = z.object({ bundles: z.array(BundleReply) });
