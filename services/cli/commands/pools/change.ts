import { putPool } from "../../../dashboard/routes/put-pool.ts";
import { removePool } from "../../../dashboard/routes/remove-pool.ts";
import { required } from "../../frame/argument.ts";
import { ACT_OPTIONS, carryOut, DRY_RUN } from "../../frame/carry-out.ts";
import { defineCommand } from "../../frame/command.ts";
import { flag, text } from "../../frame/option.ts";
import { wholeNumber } from "../../input/parse-number.ts";
import { showPools } from "./list.ts";

export const set = defineCommand({
  name: "set",
  summary: "Set up a pool, or change it. Tasks that wait go at once; none that runs is stopped.",
  args: { pool: required("the pool's name", { complete: "pool" }), slots: required("how many slots it has") },
  options: {
    description: text("--description <text>", "what it is for"),
    includeDeferred: flag("--include-deferred", "tasks that wait for something outside keep their slots"),
    ...DRY_RUN,
  },
  examples: ["windlass pools set warehouse 8 --description 'sessions of the warehouse'"],
  async run({ args: { pool, slots }, options }, context) {
    const { description, includeDeferred } = options;
    const body = { slots: wholeNumber(0)(slots), includeDeferred, ...(description === undefined ? {} : { description }) };
    const api = await context.api();
    const reply = await carryOut(context, api, putPool, { params: { pool }, body }, options);
    if (reply !== undefined) await showPools([reply], context);
  },
});

export const remove = defineCommand({
  name: "remove",
  summary: "Remove a pool. Tasks that name it wait until it is there again.",
  args: { pool: required("the pool's name", { complete: "pool" }) },
  options: ACT_OPTIONS,
  async run({ args: { pool }, options }, context) {
    const api = await context.api();
    const reply = await carryOut(
      context,
      api,
      removePool,
      { params: { pool } },
      { ...options, question: `Remove pool ${pool}?` },
    );
    if (reply !== undefined) context.io.say(`${pool} is removed`);
  },
});
