import { VariableListReply } from "#contract/variable.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { variableReply } from "../replies/variable-reply.ts";

export const listVariables = defineRoute({
  method: "get",
  path: "/api/v1/variables",
  summary: "Variables that tasks can name, by name.",
  params: NOTHING,
  query: NOTHING,
  body: NO_BODY,
  reply: VariableListReply,
  async handle(_request, { variables }) {
    return { body: { variables: (await variables.listVariables()).map(variableReply) } };
  },
});
