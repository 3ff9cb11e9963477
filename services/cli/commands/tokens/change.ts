import { ROLES } from "#core/rights.ts";
import { createToken } from "../../../dashboard/routes/create-token.ts";
import { revokeToken } from "../../../dashboard/routes/revoke-token.ts";
import { required } from "../../frame/argument.ts";
import { ACT_OPTIONS, carryOut, DRY_RUN } from "../../frame/carry-out.ts";
import { defineCommand } from "../../frame/command.ts";
import { choice, list, parsed } from "../../frame/option.ts";
import { durationMs } from "../../input/parse-number.ts";

export const create = defineCommand({
  name: "create",
  summary: "Make an API token that may do what you may, or less. It is shown once.",
  args: { name: required("what it is for") },
  options: {
    role: choice("--role <role>", "what it may do", ROLES),
    dag: list("--dag <id>", "only for this DAG", { complete: "dag" }),
    tag: list("--tag <tag>", "only for DAGs with this tag"),
    owner: list("--owner <owner>", "only for DAGs of this owner"),
    expiresIn: parsed("--expires-in <duration>", "how long it is good for: 12h, 90d", durationMs),
    ...DRY_RUN,
  },
  examples: ["windlass tokens create ci --role operator --tag etl --expires-in 90d"],
  async run({ args: { name }, options }, context) {
    const { role, expiresIn } = options;
    const rules = Object.entries({ ids: options.dag, tags: options.tag, owners: options.owner }).filter(
      ([, names]) => names.length > 0,
    );
    const dags = rules.length === 0 ? {} : { dags: Object.fromEntries(rules) };
    const grants = role === undefined && rules.length === 0 ? {} : { grants: [{ role: role ?? "viewer", ...dags }] };
    const body = { name, ...grants, ...(expiresIn === undefined ? {} : { expiresIn }) };
    const api = await context.api();
    const reply = await carryOut(context, api, createToken, { body }, options);
    if (reply === undefined) return;
    context.io.say(`Token ${reply.id} '${reply.name}'. It is shown this once:`);
    await context.show({ data: reply, rows: [reply], columns: [], name: row => row.id, lines: [reply.token] });
  },
});

export const revoke = defineCommand({
  name: "revoke",
  summary: "Revoke an API token; it is refused from now on.",
  args: { token: required("the token's id") },
  options: ACT_OPTIONS,
  async run({ args: { token: tokenId }, options }, context) {
    const api = await context.api();
    const asked = { ...options, question: `Revoke token ${tokenId}?` };
    if ((await carryOut(context, api, revokeToken, { params: { tokenId } }, asked)) !== undefined)
      context.io.say(`${tokenId} is revoked`);
  },
});
