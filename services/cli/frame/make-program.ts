import { Argument as CommanderArgument, Command as CommanderCommand, Option as CommanderOption } from "commander";
import { version } from "#runtime/version.ts";
import type { Io } from "../output/io.ts";
import type { Argument } from "./argument.ts";
import type { AnyCommand, CommandGroup } from "./command.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import type { Option } from "./option.ts";

/** What was written on the command line, by the keys of the command's tables. */
export interface Written {
  args: Record<string, string | string[] | undefined>;
  options: Record<string, unknown>;
}

export type Invoke = (command: AnyCommand, written: Written) => Promise<void>;

/**
 * Commander's tree over the groups. Those that `isNeeded` are loaded; of the others only name and summary are there, which is all that help
 * and suggestions want.
 */
export async function makeProgram(
  groups: readonly CommandGroup[],
  io: Io,
  isNeeded: (group: CommandGroup) => boolean,
  invoke: Invoke,
): Promise<CommanderCommand> {
  const program = configured(new CommanderCommand("windlass"), io)
    .description("Workflows whose every task is a Kubernetes pod.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .enablePositionalOptions();
  for (const group of groups) {
    const loaded = isNeeded(group) ? await group.load() : [];
    const child = Array.isArray(loaded)
      ? groupCommand(group, loaded, io, invoke)
      : leafCommand(loaded as AnyCommand, group.name, io, invoke);
    program.addCommand(child.summary(group.summary).helpGroup(group.heading), { hidden: group.hidden ?? false });
  }
  return program;
}

/** Errors are thrown, and everything is written where the rest of the talk goes. */
function configured(command: CommanderCommand, io: Io): CommanderCommand {
  const { columns } = io.size();
  return command
    .exitOverride()
    .configureOutput({
      writeOut: text => void io.out(text),
      writeErr: text => io.say(text.replace(/\n$/, "")),
      getOutHelpWidth: () => columns,
      getErrHelpWidth: () => columns,
    })
    .configureHelp({ subcommandTerm: command => command.name() })
    .showSuggestionAfterError(true);
}

function groupCommand(
  { name, summary }: CommandGroup,
  commands: readonly AnyCommand[],
  io: Io,
  invoke: Invoke,
): CommanderCommand {
  const group = configured(new CommanderCommand(name), io).description(summary).helpCommand(false);
  group.showHelpAfterError(`See: windlass ${name} --help`).enablePositionalOptions();
  for (const command of commands) group.addCommand(leafCommand(command, `${name} ${command.name}`, io, invoke));
  return group;
}

function leafCommand(command: AnyCommand, words: string, io: Io, invoke: Invoke): CommanderCommand {
  const leaf = configured(new CommanderCommand(command.name), io)
    .description([command.summary, ...(command.details === undefined ? [] : [command.details])].join("\n\n"))
    .summary(command.summary)
    .showHelpAfterError(`See: windlass ${words} --help`)
    .passThroughOptions(command.passThrough ?? false);
  const args = Object.entries(command.args as Record<string, Argument<unknown>>);
  for (const [name, argument] of args)
    leaf.addArgument(new CommanderArgument(PLACEHOLDER[argument.kind](name), argument.meaning));
  const keys = new Map<string, string>();
  for (const [key, option] of Object.entries(command.options as Record<string, Option<unknown>>)) {
    keys.set(addOption(leaf, option), key);
  }
  leaf.optionsGroup("Global options:").helpOption("-h, --help", "print this help");
  for (const [key, option] of Object.entries(GLOBAL_OPTIONS)) keys.set(addOption(leaf, option), key);
  if (command.examples !== undefined)
    leaf.addHelpText("after", `\nExamples:\n${command.examples.map(line => `  ${line}\n`).join("")}`);

  return leaf.action(async () => {
    // Commander takes "--no-x" for the opposite of an option x that is on; here it is a flag like any other.
    const negated = new Set(leaf.options.filter(({ negate }) => negate).map(option => option.attributeName()));
    const written = Object.entries(leaf.opts()).map(([name, value]) => [keys.get(name)!, negated.has(name) ? !value : value]);
    const words = Object.fromEntries(args.map(([name], at) => [name, leaf.processedArgs[at] as string | string[] | undefined]));
    await invoke(command, { args: words, options: Object.fromEntries(written) });
  });
}

const PLACEHOLDER: Readonly<Record<Argument<unknown>["kind"], (name: string) => string>> = {
  required: name => `<${name}>`,
  optional: name => `[${name}]`,
  many: name => `[${name}...]`,
  some: name => `<${name}...>`,
};

/** @returns commander's name for it */
function addOption(leaf: CommanderCommand, { kind, flags, meaning, choices, fallbackText }: Option<unknown>): string {
  // The default is put in later, by its own type: commander would have it read as if it were written.
  const option = new CommanderOption(flags, fallbackText === undefined ? meaning : `${meaning} (default: ${fallbackText})`);
  if (choices !== undefined) option.choices([...choices]);
  if (kind === "list") option.argParser((value, before: string[] = []) => [...before, value]);
  leaf.addOption(option);
  return option.attributeName();
}
