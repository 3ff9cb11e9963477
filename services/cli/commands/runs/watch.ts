import { FINISH_OPTIONS, finishRun } from "../../client/finish-run.ts";
import { resolveRun } from "../../client/run-ref.ts";
import { defineCommand } from "../../frame/command.ts";
import { RUN } from "../run-argument.ts";

const follow = (name: string, summary: string, way: "watch" | "wait") =>
  defineCommand({
    name,
    summary,
    details: "Exits with 0 when the run succeeded, 1 when it did not, 124 when --timeout is over.",
    args: { run: RUN },
    options: { timeout: FINISH_OPTIONS.timeout },
    async run({ args, options: { timeout } }, context) {
      const api = await context.api();
      return finishRun(context, api, await resolveRun(api, args.run), { [way]: true, timeout });
    },
  });

export const watch = follow("watch", "Draw a run until it has ended.", "watch");
export const wait = follow("wait", "Wait until a run has ended.", "wait");
