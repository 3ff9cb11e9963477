import { PageQuery } from "#contract/list.ts";
import { SettingListReply } from "#contract/setting.ts";
import { pageOf } from "../http/page-of.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";

export const listSettings = defineRoute({
  method: "get",
  path: "/api/v1/config",
  role: "admin",
  summary: "The settings of the dashboard that answers, with where each came from. Secrets are not shown.",
  params: NOTHING,
  query: PageQuery,
  body: NO_BODY,
  reply: SettingListReply,
  async handle({ query, pageAfter }, { settings }) {
    const page = pageOf(settings, query, ({ name }) => name);
    return { body: { settings: page.items, links: pageAfter(page.next) } };
  },
});
