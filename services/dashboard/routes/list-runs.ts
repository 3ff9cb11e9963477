import type { z } from "zod";
import { ListRunsQuery, RunListReply } from "#contract/run.ts";
import { isRunFinal } from "#core/run.ts";
import type { RunPlace } from "#state/run-pages.ts";
import type { RunSummary } from "#state/run-record.ts";
import { cursorOf, placeOf } from "../http/cursor.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { runReply } from "../replies/run-reply.ts";

export const listRuns = defineRoute({
  method: "get",
  path: "/api/v1/runs",
  role: "viewer",
  summary: "Runs, newest first, a page at a time. A page with conditions may be short, and have a next one all the same.",
  params: NOTHING,
  query: ListRunsQuery,
  body: NO_BODY,
  reply: RunListReply,
  async handle({ query, caller, pageAfter }, { runs }) {
    const { dagId, state, order, limit, createdAfter, createdBefore, cursor } = query;
    const meets = conditions(query);
    const readsAll = caller.mayRead();
    const page = await runs.pageRuns({
      dagId,
      limit,
      fromAt: createdAfter,
      untilAt: createdBefore,
      order: order === "createdAt" ? "oldest" : "newest",
      isLive: state?.every(one => !isRunFinal(one)) ?? false,
      ...(readsAll && meets.length === 0
        ? {}
        : { where: run => (readsAll || caller.mayRead(run.dagId)) && meets.every(meet => meet(run)) }),
      after: cursor === undefined ? undefined : placeOf(cursor, isRunPlace),
    });
    return {
      body: { runs: page.runs.map(runReply), links: pageAfter(page.next && cursorOf(page.next)) },
    };
  },
});

type Condition = (run: RunSummary) => boolean;

/** What the index of runs does not know. */
function conditions(query: z.output<typeof ListRunsQuery>): Condition[] {
  const { state, trigger, backfillId, startedAfter, startedBefore, endedAfter, endedBefore } = query;
  const within = (field: "startedAt" | "endedAt", from: number | undefined, until: number | undefined): Condition[] =>
    from === undefined && until === undefined
      ? []
      : [({ [field]: at }) => at !== undefined && at >= (from ?? 0) && at <= (until ?? Number.POSITIVE_INFINITY)];
  return [
    ...(state === undefined ? [] : [(run: RunSummary) => state.includes(run.state)]),
    ...(trigger === undefined ? [] : [(run: RunSummary) => trigger.includes(run.trigger.kind)]),
    ...(backfillId === undefined ? [] : [(run: RunSummary) => run.trigger.backfillId === backfillId]),
    ...within("startedAt", startedAfter, startedBefore),
    ...within("endedAt", endedAfter, endedBefore),
  ];
}

const isRunPlace = (place: unknown): place is RunPlace =>
  typeof place === "object" &&
  place !== null &&
  "at" in place &&
  Number.isSafeInteger(place.at) &&
  "id" in place &&
  typeof place.id === "string";
