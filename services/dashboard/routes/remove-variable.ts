import { VariableListReply, VariableParams } from "#contract/variable.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { variableReply } from "../replies/variable-reply.ts";
import { unknownVariable } from "./unknown.ts";

export const removeVariable = defineRoute({
  method: "delete",
  path: "/api/v1/variables/:name",
  summary: "Removes a variable and answers with those that are left.",
  params: VariableParams,
  query: NOTHING,
  body: NO_BODY,
  reply: VariableListReply,
  async handle({ params: { name }, by }, { variables, now }) {
    if (!(await variables.removeVariable(name, { at: now(), by }))) throw unknownVariable(name);
    return { body: { variables: (await variables.listVariables()).map(variableReply) } };
  },
});
