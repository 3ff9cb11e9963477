import { LiveTaskListReply, LiveTasksQuery } from "#contract/live-task.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";

export const listLiveTasks = defineRoute({
  method: "get",
  path: "/api/v1/overview/tasks",
  role: "viewer",
  summary: "Tasks that run, wait or have failed: of runs under way, and failed ones of the last 24 hours.",
  params: NOTHING,
  query: LiveTasksQuery,
  body: NO_BODY,
  reply: LiveTaskListReply,
  async handle({ query: { dagId, state, limit }, caller }, { overview }) {
    const isShown = (id: string) => caller.mayRead(id) && (dagId === undefined || id === dagId);
    return { body: await overview.tasks({ state, limit }, isShown) };
  },
});
