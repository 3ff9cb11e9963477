import type { JsonValue } from "../result.ts";

/** What a filter takes or gives, in the words of its messages and of the reference page. */
export type Kind = "anything" | "text" | "number" | "boolean" | "list" | "text or list" | "date";

export type Literal = string | number | boolean | null;

/** One argument: what it has to be, and its name for people. */
export interface FilterArgument {
  name: string;
  kind: "text" | "whole number" | "zone" | "anything";
  optional?: true;
}

/** One row of the table of filters. */
export interface Filter {
  /** What it does, in one sentence. */
  what: string;
  takes: Kind;
  gives: Kind;
  args: readonly FilterArgument[];
  /** An expression without its braces, and what comes of it. */
  example: readonly [expression: string, value: JsonValue];
  /**
   * Pure. Gets what `takes` says; a date as milliseconds since the epoch.
   * @throws FilterRefusal when the value or an argument will not do
   */
  apply(value: never, ...args: Literal[]): JsonValue;
}

/** Why a filter cannot do it, in words that follow "filter 'x': ". */
export class FilterRefusal extends Error {
  override readonly name = "FilterRefusal";
}

/** The longest text that an expression may become. */
export const MAX_TEXT_CHARACTERS = 1_048_576;

/** Refuses what would become longer than {@link MAX_TEXT_CHARACTERS}, before it is made. */
export function refuseLong(characters: number): void {
  if (characters > MAX_TEXT_CHARACTERS)
    throw new FilterRefusal(`the text would be longer than ${MAX_TEXT_CHARACTERS} characters`);
}
