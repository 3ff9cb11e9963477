import type { BackfillReply } from "#contract/backfill.ts";
import type { Context } from "../frame/context.ts";
import { shortInstant } from "../output/short-instant.ts";

/** Backfills as a table; the same for one as for many. */
export async function showBackfills(backfills: readonly BackfillReply[], context: Context): Promise<void> {
  await context.show({
    data: backfills,
    rows: backfills,
    columns: [
      { title: "BACKFILL", cell: one => one.id },
      { title: "STATE", cell: one => one.state },
      { title: "DONE", cell: one => `${one.done}/${one.total}` },
      { title: "ACTIVE", cell: one => one.active.length },
      { title: "FROM", cell: one => shortInstant(one.from) },
      { title: "UNTIL", cell: one => shortInstant(one.until) },
      { title: "BY", cell: one => one.by, wide: true },
      { title: "CREATED", cell: one => shortInstant(one.createdAt), wide: true },
    ],
    name: one => one.id,
    empty: "There are no backfills.",
  });
}
