import { OverviewReply } from "#contract/overview.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";

export const showOverview = defineRoute({
  method: "get",
  path: "/api/v1/overview",
  role: "viewer",
  summary: "What happens now: health, what fails, what runs, the last six hours and the next two, counts of the last day.",
  params: NOTHING,
  query: NOTHING,
  body: NO_BODY,
  reply: OverviewReply,
  async handle({ caller }, { overview }) {
    return { body: await overview.now(dagId => caller.mayRead(dagId)) };
  },
});
