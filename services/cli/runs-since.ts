import type { RunSummary } from "#state/run-record.ts";
import type { RunStore } from "#state/run-store.ts";

const PAGE = 200;

/** The runs created at or after the instant, of one DAG or of all, the youngest first: page by page, however many there are. */
export async function* runsSince(
  runs: Pick<RunStore, "listRuns">,
  dagId: string | undefined,
  sinceAt: number,
): AsyncGenerator<RunSummary, void, undefined> {
  let before: string | undefined;
  for (;;) {
    const page = await runs.listRuns({
      limit: PAGE,
      ...(dagId === undefined ? {} : { dagId }),
      ...(before === undefined ? {} : { before }),
    });
    for (const run of page) {
      if (run.createdAt < sinceAt) return;
      yield run;
    }
    if (page.length < PAGE) return;
    before = page.at(-1)!.id;
  }
}
