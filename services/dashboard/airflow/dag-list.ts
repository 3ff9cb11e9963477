import { z } from "zod";
import type { DagRow } from "#state/dag-store.ts";
import type { Ports } from "../ports.ts";
import type { ListFields } from "./list-filter.ts";
import { listQuery } from "./list-query.ts";
import { Flag, Many } from "./query.ts";

const FIELDS: ListFields<DagRow> = {
  texts: { dag_id: row => row.id, dag_display_name: row => row.id },
  order: { dag_id: row => row.id, dag_display_name: row => row.id },
};

const MORE = {
  tags: Many.optional(),
  tags_match_mode: z.enum(["any", "all"]).default("any"),
  owners: Many.optional(),
  paused: Flag.optional(),
  exclude_stale: Flag.default(true),
  has_import_errors: Flag.optional(),
};

/** What narrows a list of DAGs. */
export const DagListQuery = listQuery(FIELDS, MORE);
type DagListQuery = z.output<typeof DagListQuery>;

/** Those of a change of many. */
export const BulkDagQuery = listQuery(FIELDS, { ...MORE, update_mask: Many.pipe(z.array(z.literal("is_paused"))).optional() });

/** The page of the DAGs that the caller may see, or may change. */
export async function pickDags(
  query: DagListQuery,
  isAllowed: (dagId: string) => boolean,
  { dags }: Pick<Ports, "dags">,
): Promise<{ page: DagRow[]; total: number }> {
  const removed = query.exclude_stale ? [] : await dags.listRemovedDags();
  const rows = [...(await dags.listDags()), ...removed];
  return query.page(rows.filter(row => isAllowed(row.id) && isMeant(row, query)));
}

function isMeant(row: DagRow, { tags, tags_match_mode, owners, paused, has_import_errors }: DagListQuery): boolean {
  const hasTag = (tag: string): boolean => row.tags.includes(tag);
  return (
    (tags === undefined || (tags_match_mode === "all" ? tags.every(hasTag) : tags.some(hasTag))) &&
    (owners === undefined || (row.owner !== undefined && owners.includes(row.owner))) &&
    (paused === undefined || row.paused === paused) &&
    (has_import_errors === undefined || (row.stale === true) === has_import_errors)
  );
}
