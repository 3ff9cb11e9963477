import { WindlassError } from "#core/errors.ts";

/** The word if it is one of these. @throws WL_CLI_USAGE */
export function oneOf<const Words extends readonly string[]>(word: string, words: Words): Words[number] {
  if (words.includes(word)) return word;
  throw new WindlassError("WL_CLI_USAGE", `'${word}' is not one of ${words.join(", ")}`);
}
