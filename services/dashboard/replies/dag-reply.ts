import type { DagReply } from "#contract/dag.ts";
import { instantField, toInstant } from "#contract/instant.ts";
import type { DagRow } from "#state/dag-store.ts";
import { links } from "../links.ts";

export const dagReply = ({ publishedAt, removedAt, tags, ...row }: DagRow): DagReply => ({
  ...row,
  tags: [...tags],
  publishedAt: toInstant(publishedAt),
  ...instantField("removedAt", removedAt),
  links: { self: links.dag(row.id), runs: links.runsOf(row.id) },
});
