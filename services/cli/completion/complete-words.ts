import type { Argument, Completion } from "../frame/argument.ts";
import { type AnyCommand, type CommandGroup, commandsOf } from "../frame/command.ts";
import { GLOBAL_OPTIONS } from "../frame/global-options.ts";
import type { Option } from "../frame/option.ts";

/** What is known of the word that is being written. */
export interface Asked {
  kind: Completion;
  /** The command's arguments before it, as they were written. */
  before: readonly string[];
}

type LookUp = (asked: Asked) => Promise<readonly string[]>;

/**
 * The words that can stand in the place of the last one. Empty: the shell offers files.
 * @param words all behind "windlass"; the last one is being written
 */
export async function completeWords(
  words: readonly string[],
  groups: readonly CommandGroup[],
  lookUp: LookUp,
): Promise<string[]> {
  const writing = words.at(-1) ?? "";
  return (await candidates(words, groups, lookUp)).filter(word => word.startsWith(writing));
}

async function candidates(words: readonly string[], groups: readonly CommandGroup[], lookUp: LookUp): Promise<readonly string[]> {
  const [first, second] = words;
  if (words.length < 2) return groups.filter(({ hidden }) => !hidden).map(({ name }) => name);
  const group = groups.find(({ name }) => name === first);
  if (group === undefined) return [];
  const commands = await commandsOf(group);
  const isSingle = commands.length === 1 && commands[0]!.name === group.name;
  if (!isSingle && words.length === 2) return commands.map(({ name }) => name);
  const command = isSingle ? commands[0] : commands.find(({ name }) => name === second);
  return command === undefined ? [] : wordsOf(command, words.slice(isSingle ? 1 : 2), lookUp);
}

async function wordsOf(command: AnyCommand, rest: readonly string[], lookUp: LookUp): Promise<readonly string[]> {
  const options = Object.values({
    ...(command.options as Record<string, Option<unknown>>),
    ...GLOBAL_OPTIONS,
  }) as Option<unknown>[];
  const { before, open } = readWords(rest.slice(0, -1), options);
  if (open !== undefined) return open.choices ?? (open.complete === undefined ? [] : lookUp({ kind: open.complete, before }));
  if (rest.at(-1)?.startsWith("-")) return options.flatMap(({ flags }) => longFlag(flags) ?? []);
  const args = Object.values(command.args as Record<string, Argument<unknown>>);
  const argument = args[before.length] ?? args.findLast(({ kind }) => kind === "many" || kind === "some");
  return argument?.complete === undefined ? [] : lookUp({ kind: argument.complete, before });
}

/** Arguments that are written, and the option that waits for its value. */
function readWords(words: readonly string[], options: readonly Option<unknown>[]): { before: string[]; open?: Option<unknown> } {
  const before: string[] = [];
  let open: Option<unknown> | undefined;
  for (const word of words) {
    if (open !== undefined) open = undefined;
    else if (word.startsWith("-"))
      open = options.find(({ flags, kind }) => kind !== "flag" && flags.split(/[ ,]+/).includes(word));
    else before.push(word);
  }
  return { before, ...(open === undefined ? {} : { open }) };
}

const longFlag = (flags: string): string | undefined => flags.split(/[ ,]+/).find(word => word.startsWith("--"));
