import type { JsonValue } from "#core/result.ts";
import { putVariable } from "../../../dashboard/routes/put-variable.ts";
import { removeVariable } from "../../../dashboard/routes/remove-variable.ts";
import { required } from "../../frame/argument.ts";
import { ACT_OPTIONS, carryOut, DRY_RUN } from "../../frame/carry-out.ts";
import { defineCommand } from "../../frame/command.ts";
import { jsonOrText } from "../../input/read-params.ts";

export const set = defineCommand({
  name: "set",
  summary: "Set a variable. Tries that start from now on see the new value. Not for secrets.",
  args: {
    variable: required("the variable's name", { complete: "variable" }),
    value: required("a value that is JSON counts as JSON; - reads standard input"),
  },
  options: DRY_RUN,
  examples: ["windlass variables set region eu-west-1", "windlass variables set limits - < limits.json"],
  async run({ args: { variable: name, value: written }, options }, context) {
    const value = jsonOrText(written === "-" ? await context.io.readAll() : written) as JsonValue;
    const api = await context.api();
    const reply = await carryOut(context, api, putVariable, { params: { name }, body: { value } }, options);
    if (reply !== undefined) context.io.say(`${reply.name} is ${JSON.stringify(reply.value)} (version ${reply.version})`);
  },
});

export const remove = defineCommand({
  name: "remove",
  summary: "Remove a variable. Tasks that name it fail from now on.",
  args: { variable: required("the variable's name", { complete: "variable" }) },
  options: ACT_OPTIONS,
  async run({ args: { variable: name }, options }, context) {
    const api = await context.api();
    const asked = { ...options, question: `Remove variable ${name}?` };
    if ((await carryOut(context, api, removeVariable, { params: { name } }, asked)) !== undefined)
      context.io.say(`${name} is removed`);
  },
});
