import { HistoryReply } from "#contract/act.ts";
import { toInstant } from "#contract/instant.ts";
import { RunParams } from "#contract/run.ts";
import { actorOf } from "#state/actor-of.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { unknownRun } from "./unknown.ts";

export const runHistory = defineRoute({
  method: "get",
  path: "/api/v1/runs/:runId/history",
  role: "viewer",
  summary: "Everything that happened in a run, with when, who and why.",
  params: RunParams,
  query: NOTHING,
  body: NO_BODY,
  reply: HistoryReply,
  async handle({ params: { runId } }, { runs }) {
    const history = await runs.history(runId);
    // A run has a history from its creation on.
    if (history.length === 0) throw unknownRun(runId);
    return { body: { events: history.map(entry => ({ ...entry, at: toInstant(entry.at), actor: actorOf(entry) })) } };
  },
});
