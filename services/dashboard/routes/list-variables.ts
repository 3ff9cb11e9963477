import { PageQuery } from "#contract/list.ts";
import { VariableListReply } from "#contract/variable.ts";
import { pageOf } from "../http/page-of.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { variableReply } from "../replies/variable-reply.ts";

export const listVariables = defineRoute({
  method: "get",
  path: "/api/v1/variables",
  role: "viewer",
  summary: "Variables that tasks can name, by name.",
  params: NOTHING,
  query: PageQuery,
  body: NO_BODY,
  reply: VariableListReply,
  async handle({ query, pageAfter }, { variables }) {
    const page = pageOf(await variables.listVariables(), query, ({ name }) => name);
    return { body: { variables: page.items.map(variableReply), links: pageAfter(page.next) } };
  },
});
