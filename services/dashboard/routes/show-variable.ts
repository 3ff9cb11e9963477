import { toInstant } from "#contract/instant.ts";
import { VariableDetailReply, VariableParams } from "#contract/variable.ts";
import { defineRoute, NO_BODY, NOTHING } from "../http/route.ts";
import { variableReply } from "../replies/variable-reply.ts";
import { unknownVariable } from "./unknown.ts";

export const showVariable = defineRoute({
  method: "get",
  path: "/api/v1/variables/:name",
  role: "viewer",
  summary: "A variable, and its last 20 changes.",
  params: VariableParams,
  query: NOTHING,
  body: NO_BODY,
  reply: VariableDetailReply,
  edited: ({ version }) => version,
  async handle({ params: { name } }, { variables }) {
    const [variable, versions] = await Promise.all([variables.getVariable(name), variables.variableVersions(name)]);
    if (variable === undefined) throw unknownVariable(name);
    return {
      body: { ...variableReply(variable), versions: versions.map(({ at, ...version }) => ({ ...version, at: toInstant(at) })) },
    };
  },
});
