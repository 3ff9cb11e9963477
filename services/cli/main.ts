import { GROUPS } from "./commands/groups.ts";
import type { CommandGroup } from "./frame/command.ts";
import { processWorld, runCli } from "./frame/run-cli.ts";

/** What the shells' completion asks. */
const COMPLETE: CommandGroup = {
  name: "__complete",
  summary: "",
  heading: "",
  hidden: true,
  load: async () => (await import("./commands/complete.ts")).completeCommand,
};

// Who reads only the beginning has all that is asked for: "windlass runs list | head -1".
process.stdout.on("error", error => {
  if ((error as NodeJS.ErrnoException).code === "EPIPE") process.exit(0);
  throw error;
});
const world = processWorld();
process.exitCode = await runCli(process.argv.slice(2), [...GROUPS, COMPLETE], world);
world.release();
