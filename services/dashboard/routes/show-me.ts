import { MeReply } from "#contract/login.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";

export const showMe = defineRoute({
  method: "get",
  path: "/api/v1/me",
  role: "viewer",
  summary: "Who is logged in, and what they may do.",
  params: NOTHING,
  query: NOTHING,
  body: NO_BODY,
  reply: MeReply,
  async handle({ caller: { name, role, grants } }) {
    return { body: { name, role, grants: [...grants] } };
  },
});
