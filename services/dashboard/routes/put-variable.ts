import { PutVariableBody, VariableParams, VariableReply } from "#contract/variable.ts";
import { literalSecret } from "#sdk/literal-secret.ts";
import { ApiError } from "../http/api-error.ts";
import { pointerTo } from "../http/check.ts";
import { defineRoute, NOTHING } from "../http/route.ts";
import { variableReply } from "../replies/variable-reply.ts";
import { showVariable } from "./show-variable.ts";

export const putVariable = defineRoute({
  method: "put",
  path: "/api/v1/variables/:name",
  role: "operator",
  summary: "Sets a variable. Tries that start from now on see the new value. Not for secrets.",
  params: VariableParams,
  query: NOTHING,
  body: PutVariableBody,
  reply: VariableReply,
  statuses: [200, 201],
  edits: showVariable,
  async handle({ params: { name }, body: { value }, caller: { name: by } }, { variables, now }) {
    refuseSecrets(name, value);
    const at = now();
    const version = await variables.putVariable(name, value, { at, by });
    return { status: version === 1 ? 201 : 200, body: variableReply({ name, value, version, at, by }) };
  },
});

/** Everybody may read a variable, and it is kept with its former values. */
function refuseSecrets(variable: string, value: unknown): void {
  const errors = [...secretsIn(variable, value, ["value"])].map(({ path, reason }) => ({
    in: "body" as const,
    pointer: pointerTo(path),
    detail: `looks like a secret: ${reason}`,
  }));
  if (errors.length === 0) return;
  throw new ApiError(
    "WL_DAG_LITERAL_SECRET",
    `variable '${variable}' looks like a secret: keep it in a Kubernetes Secret and give it to a task with env: { NAME: secret("name", "key") }`,
    { errors },
  );
}

function* secretsIn(
  name: string,
  value: unknown,
  path: readonly (string | number)[],
): Generator<{ path: readonly (string | number)[]; reason: string }> {
  if (typeof value === "string") {
    const reason = literalSecret(name, value);
    if (reason !== undefined) yield { path, reason };
  } else if (typeof value === "object" && value !== null) {
    // The items of a list go by the list's name.
    const isList = Array.isArray(value);
    for (const [field, item] of Object.entries(value)) yield* secretsIn(isList ? name : field, item, [...path, field]);
  }
}
