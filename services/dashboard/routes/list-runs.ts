import { ListRunsQuery, RunListReply } from "#contract/run.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { runReply } from "../replies/run-reply.ts";

export const listRuns = defineRoute({
  method: "get",
  path: "/api/v1/runs",
  summary: "Runs, newest first, a page at a time.",
  params: NOTHING,
  query: ListRunsQuery,
  body: NO_BODY,
  reply: RunListReply,
  async handle({ query: { limit, dagId, state, before } }, { runs }) {
    const filter = { ...(dagId === undefined ? {} : { dagId }), ...(state === undefined ? {} : { state }) };
    const page = await runs.listRuns({ limit, ...filter, ...(before === undefined ? {} : { before }) });
    const last = page.length < limit ? undefined : page.at(-1);
    const query = last === undefined ? undefined : new URLSearchParams({ ...filter, limit: String(limit), before: last.id });
    return { body: { runs: page.map(runReply), links: query === undefined ? {} : { next: `/api/v1/runs?${query}` } } };
  },
});
