import type { AnyCommand, CommandGroup } from "../../services/cli/frame/command.ts";
import { runCli } from "../../services/cli/frame/run-cli.ts";
import type { Io } from "../../services/cli/output/io.ts";

export interface CommandResult {
  exitCode: number;
  out: string;
  /** Lines of talk. */
  said: string[];
}

interface RunCommandOptions {
  env?: Record<string, string>;
  signal?: AbortSignal;
  /** Hears each line of talk as it comes. */
  onSay?(line: string): void;
}

/** Runs commands as the command line would, without a process of their own. @param group the word before them; absent: the command's own name */
export async function runCommand(
  commands: AnyCommand | readonly AnyCommand[],
  argv: readonly string[],
  { env = {}, signal = new AbortController().signal, onSay = () => {} }: RunCommandOptions = {},
): Promise<CommandResult> {
  let out = "";
  const said: string[] = [];
  const io: Io = {
    out: async text => {
      out += text;
    },
    say(line) {
      said.push(line);
      onSay(line);
    },
    isTerminal: false,
    canAsk: false,
    size: () => ({ columns: 200, rows: 24 }),
    colours: false,
    ask: async () => "",
    readAll: async () => "",
  };
  const group: CommandGroup = { name: argv[0]!, summary: "", heading: "Commands:", load: async () => commands };
  const exitCode = await runCli(argv, [group], { env, io, signal, now: Date.now });
  return { exitCode, out, said };
}
