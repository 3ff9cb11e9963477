import type { WindlassError } from "../errors.ts";
import type { Literal } from "./filter.ts";
import { type FilterCall, type FilterName, filterProblem } from "./filters.ts";
import type { TemplatePath } from "./paths.ts";
import { templateError } from "./template-error.ts";

/** What stands between the braces: a path or a literal, then the filters it passes through. */
export interface Expression {
  /** As it was written, braces included. */
  source: string;
  head: { path: TemplatePath } | { literal: Literal };
  filters: readonly FilterCall[];
}

const SPACE = /[ \t\r\n]*/y;
const NAME = /[A-Za-z_$][\w$-]*/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS: ReadonlyMap<string, Literal> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);
/** Those of JSON, \u0000 beside them, and the single quote. */
const ESCAPES: Readonly<Record<string, string>> = {
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  "/": "/",
  "\\": "\\",
  '"': '"',
  "'": "'",
};
const UNICODE = /u([0-9a-fA-F]{4})/y;

/** Reads one expression of a text, from its "{{" to its "}}", once from left to right. */
export class ExpressionReader {
  readonly #text: string;
  readonly #start: number;
  #at: number;

  /** @param start where the "{{" stands */
  constructor(text: string, start: number) {
    this.#text = text;
    this.#start = start;
    this.#at = start + 2;
  }

  /** Where the text goes on. */
  get end(): number {
    return this.#at;
  }

  /** @throws WL_TEMPLATE */
  read(): Expression {
    const head = this.#head();
    const filters: FilterCall[] = [];
    while (this.#take("|")) filters.push(this.#filter());
    if (!this.#take("}}")) throw this.#refuse(filters.length === 0 ? "expected '|' or '}}'" : "expected '|', '(' or '}}'");
    return { source: this.#text.slice(this.#start, this.#at), head, filters };
  }

  #head(): Expression["head"] {
    const literal = this.#literal();
    if (literal !== undefined) return { literal };
    const name = this.#match(NAME);
    if (name === undefined) throw this.#refuse('expected a name such as run.ds; a literal "{{" is written {{ "{{" }}');
    const path: (string | number)[] = [name];
    for (;;) {
      if (this.#take(".")) path.push(this.#match(NAME) ?? this.#missing("a name behind the '.'"));
      else if (this.#take("[")) path.push(this.#key());
      else break;
    }
    const word = path.length === 1 ? WORDS.get(name) : undefined;
    return word === undefined ? { path } : { literal: word };
  }

  #key(): string | number {
    const key = this.#literal();
    const isKey = typeof key === "string" || (Number.isSafeInteger(key) && Number(key) >= 0);
    if (!isKey || !this.#take("]")) return this.#missing('an index or a name in brackets, [0] or ["a name"],');
    return key as string | number;
  }

  #filter(): FilterCall {
    const name = this.#match(NAME) ?? this.#missing("a filter's name");
    const args: Literal[] = [];
    if (this.#take("(") && !this.#take(")")) {
      do args.push(this.#argument());
      while (this.#take(","));
      if (!this.#take(")")) this.#missing("',' or ')'");
    }
    const problem = filterProblem(name, args);
    if (problem !== undefined) throw this.#refuse(problem);
    return { name: name as FilterName, args };
  }

  #argument(): Literal {
    const literal = this.#literal();
    if (literal !== undefined) return literal;
    const word = WORDS.get(this.#match(NAME) ?? "");
    return word === undefined ? this.#missing("a literal: a text in quotes, a number, true, false or null,") : word;
  }

  /** A text in quotes or a number. */
  #literal(): string | number | undefined {
    if (this.#take('"')) return this.#quoted('"');
    if (this.#take("'")) return this.#quoted("'");
    const digits = this.#match(NUMBER);
    if (digits === undefined) return undefined;
    const number = Number(digits);
    if (!Number.isFinite(number)) throw this.#refuse("the number is too large");
    return number;
  }

  #quoted(quote: string): string {
    const pieces: string[] = [];
    let from = this.#at;
    for (; this.#at < this.#text.length; this.#at++) {
      const letter = this.#text[this.#at];
      if (letter === quote) {
        pieces.push(this.#text.slice(from, this.#at++));
        return pieces.join("");
      }
      if (letter !== "\\") continue;
      pieces.push(this.#text.slice(from, this.#at));
      this.#at++;
      pieces.push(this.#escaped());
      from = this.#at + 1;
    }
    throw this.#refuse("a text has no closing quote");
  }

  /** What a backslash and the letters behind it stand for; afterwards the last of them is read. */
  #escaped(): string {
    const letter = this.#text[this.#at] ?? "";
    if (Object.hasOwn(ESCAPES, letter)) return ESCAPES[letter]!;
    UNICODE.lastIndex = this.#at;
    const digits = UNICODE.exec(this.#text)?.[1];
    if (digits === undefined) throw this.#refuse(`'\\${letter}' means nothing in a text`);
    this.#at += digits.length;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #take(mark: string): boolean {
    this.#match(SPACE);
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    if (pattern !== SPACE) this.#match(SPACE);
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #missing(what: string): never {
    throw this.#refuse(`expected ${what}`);
  }

  #refuse(why: string): WindlassError {
    const close = this.#text.indexOf("}}", this.#at);
    return templateError(this.#text.slice(this.#start, close === -1 ? this.#text.length : close + 2), why);
  }
}
