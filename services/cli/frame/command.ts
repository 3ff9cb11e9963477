import type { Argument } from "./argument.ts";
import type { Context } from "./context.ts";
import type { ExitCode } from "./exit-code.ts";
import type { Option } from "./option.ts";

// biome-ignore lint/suspicious/noExplicitAny: any argument and any option; the values are typed by the command that has them
type Table<Kind extends "argument" | "option"> = Readonly<Record<string, Kind extends "argument" ? Argument<any> : Option<any>>>;
type Values<T> = { [Name in keyof T]: T[Name] extends Argument<infer V> ? V : T[Name] extends Option<infer V> ? V : never };

/** One command: what it takes, and what it does. Its file imports what only `run` needs when it runs. */
export interface Command<Arguments extends Table<"argument">, Options extends Table<"option">> {
  name: string;
  summary: string;
  /** In the order in which they are written; the keys are their names in the help. */
  args: Arguments;
  options: Options;
  /** Whole command lines. */
  examples?: readonly string[];
  /** More than the summary says. */
  details?: string;
  /** The words behind the arguments are another program's: `windlass run IMAGE -- CMD --flag`. */
  passThrough?: boolean;
  /**
   * @returns the exit code; nothing is 0
   * @throws WindlassError; its code decides the exit code, see exit-code.ts
   */
  run(
    input: { args: Values<Arguments>; options: Values<Options> },
    context: Context,
  ): Promise<ExitCode | undefined> | Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: its handler gets only what its own tables let through
export type AnyCommand = Command<any, any>;

/** Ties the handler's types to the tables beside it. */
export const defineCommand = <const A extends Table<"argument">, const O extends Table<"option">>(
  command: Command<A, O>,
): Command<A, O> => command;

/** Commands under a word of their own, loaded when that word is said; or one command without a word before it. */
export interface CommandGroup {
  name: string;
  summary: string;
  /** The heading under which the help lists it. */
  heading: string;
  /** For programs, not for people: left out of help and completion. */
  hidden?: boolean;
  /** A list: `windlass NAME COMMAND`. One command: `windlass NAME`. */
  load(): Promise<readonly AnyCommand[] | AnyCommand>;
}

/** A group's commands, whether it is one or many. */
export async function commandsOf({ load }: CommandGroup): Promise<readonly AnyCommand[]> {
  const loaded = await load();
  return Array.isArray(loaded) ? loaded : [loaded as AnyCommand];
}
