import { z } from "zod";
import { AssetName } from "#core/asset.ts";
import type { JsonValue } from "#core/result.ts";
import { Instant } from "./instant.ts";
import { isShallow } from "./is-shallow.ts";
import { PageLinks } from "./list.ts";

export const TellAssetBody = z.strictObject({
  asset: AssetName,
  /** Names the update: sent twice under one id, it is one. Default: a new one each time. */
  id: z
    .string()
    .regex(/^[\x21-\x7e]{1,200}$/, "must be 1 to 200 visible ASCII characters")
    .optional(),
  /** Any JSON that the runs are told along, nested at most 64 deep. */
  extra: z.custom<JsonValue>().refine(isShallow, "is nested deeper than 64").optional(),
});

export const TellAssetReply = z.object({
  asset: z.string(),
  id: z.string(),
  /** false: an update of that id was there before. */
  noted: z.boolean(),
});

export const AssetReply = z.object({
  asset: z.string(),
  updatedAt: Instant,
  /** What has updated it: a task, or who told it. */
  runId: z.string().optional(),
  taskId: z.string().optional(),
  by: z.string().optional(),
  extra: z.unknown().optional(),
});
export type AssetReply = z.infer<typeof AssetReply>;

export const AssetListReply = z.object({ assets: z.array(AssetReply), links: PageLinks });
