import type { Completion } from "./argument.ts";

/** An option of a command; `flags` as commander writes them: "-p, --param <k=v>". */
export interface Option<Value> {
  kind: "flag" | "value" | "list";
  flags: string;
  meaning: string;
  /** Reads the text behind the flag. @throws WindlassError WL_CLI_USAGE when it means nothing */
  parse?(text: string): unknown;
  /** What the handler gets when the option is not given. */
  fallback?: Value;
  /** The fallback as people would write it, where that is another text. */
  fallbackText?: string;
  /** The only texts there are. */
  choices?: readonly string[];
  complete?: Completion;
}

interface ValueOptions {
  complete?: Completion;
}

/** true when given. */
export const flag = (flags: string, meaning: string): Option<boolean> => ({ kind: "flag", flags, meaning, fallback: false });

export const text = (flags: string, meaning: string, more: ValueOptions = {}): Option<string | undefined> => ({
  kind: "value",
  flags,
  meaning,
  ...more,
});

/** May be given more than once. */
export const list = (flags: string, meaning: string, more: ValueOptions = {}): Option<string[]> => ({
  kind: "list",
  flags,
  meaning,
  fallback: [],
  ...more,
});

export const choice = <const Choices extends readonly string[]>(
  flags: string,
  meaning: string,
  choices: Choices,
): Option<Choices[number] | undefined> => ({ kind: "value", flags, meaning, choices });

/** An option whose text is read by `parse`. */
export const parsed = <Value>(
  flags: string,
  meaning: string,
  parse: (text: string) => Value,
  more: ValueOptions = {},
): Option<Value | undefined> => ({ kind: "value", flags, meaning, parse, ...more });

/** The option with what the handler gets when it is not given, and how that is written. */
export const withDefault = <Value>(
  option: Option<Value | undefined>,
  fallback: Value,
  fallbackText = String(fallback),
): Option<Value> => ({
  ...(option as Option<Value>),
  fallback,
  fallbackText,
});
