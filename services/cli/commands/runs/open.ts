import { spawn } from "node:child_process";
import { once } from "node:events";
import { showRun } from "../../../dashboard/routes/show-run.ts";
import { resolveRun } from "../../client/run-ref.ts";
import { defineCommand } from "../../frame/command.ts";
import { flag } from "../../frame/option.ts";
import { RUN } from "../run-argument.ts";

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: "open", win32: "explorer", linux: "xdg-open" };

export const open = defineCommand({
  name: "open",
  summary: "Open a run's page in the browser; $BROWSER is used if it is set.",
  args: { run: RUN },
  options: { print: flag("--print", "only print the address") },
  async run({ args, options: { print } }, { api: connect, env, io }) {
    const api = await connect();
    const run = await api.call(showRun, { params: { runId: await resolveRun(api, args.run) } });
    const page = `${api.url}${run.links.ui}`;
    await io.out(`${page}\n`);
    const opener = env.BROWSER || OPENERS[process.platform];
    if (print || opener === undefined) return;
    const child = spawn(opener, [page], { stdio: "ignore", detached: true });
    child.unref();
    // A machine without a browser: the address is on the screen.
    await Promise.race([once(child, "spawn"), once(child, "error").then(() => io.say(`${opener} could not be started`))]);
  },
});
