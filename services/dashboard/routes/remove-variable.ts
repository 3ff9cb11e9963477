import { VariableListReply, VariableParams } from "#contract/variable.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { variableReply } from "../replies/variable-reply.ts";
import { showVariable } from "./show-variable.ts";
import { unknownVariable } from "./unknown.ts";

export const removeVariable = defineRoute({
  method: "delete",
  path: "/api/v1/variables/:name",
  role: "operator",
  summary: "Removes a variable and answers with those that are left.",
  params: VariableParams,
  query: NOTHING,
  body: NO_BODY,
  reply: VariableListReply,
  edits: showVariable,
  async handle({ params: { name }, caller: { name: by } }, { variables, now }) {
    if (!(await variables.removeVariable(name, { at: now(), by }))) throw unknownVariable(name);
    return { body: { variables: (await variables.listVariables()).map(variableReply), links: {} } };
  },
});
