/** A stretch of a line in one style. */
export interface AnsiSpan {
  text: string;
  /** Classes of log.css: "bold", "ansi-red", "on-ansi-8". Empty: as the line is. */
  classes: string;
}

interface Style {
  fore: string;
  back: string;
  marks: ReadonlySet<string>;
}

const PLAIN: Style = { fore: "", back: "", marks: new Set() };
const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"] as const;

/** Marks by their code, and which of them a code ends. */
const MARKS: Readonly<Record<number, string>> = { 1: "bold", 2: "faint", 3: "italic", 4: "underline", 7: "inverse", 9: "struck" };
const ENDS: Readonly<Record<number, readonly string[]>> = {
  22: ["bold", "faint"],
  23: ["italic"],
  24: ["underline"],
  27: ["inverse"],
  29: ["struck"],
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const SEQUENCE = /\u001b(?:\[([0-9;:]*)([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f]/g;

/** A line that was written for a terminal: colours become spans, everything else that is no text goes. */
export function ansiSpans(line: string): AnsiSpan[] {
  const visible = lastDrawn(line);
  if (!visible.includes("\u001b")) return [{ text: visible.replace(INVISIBLE, ""), classes: "" }];
  const spans: AnsiSpan[] = [];
  let style = PLAIN;
  let from = 0;
  const take = (to: number): void => {
    const text = visible.slice(from, to).replace(INVISIBLE, "");
    if (text !== "") spans.push({ text, classes: classesOf(style) });
  };
  for (const { 0: whole, 1: codes, 2: command, index } of visible.matchAll(SEQUENCE)) {
    take(index);
    from = index + whole.length;
    if (command === "m") style = restyled(style, codes ?? "");
  }
  take(visible.length);
  return spans;
}

/** A progress bar draws its line again and again: what it drew last is what a terminal shows. */
function lastDrawn(line: string): string {
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  return text.slice(text.lastIndexOf("\r") + 1);
}

function restyled(style: Style, text: string): Style {
  const codes = text.split(/[;:]/).map(Number);
  let { fore, back } = style;
  let marks = new Set(style.marks);
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i]!;
    if (code === 0) [fore, back, marks] = ["", "", new Set()];
    else if (MARKS[code] !== undefined) marks.add(MARKS[code]);
    else if (ENDS[code] !== undefined) for (const mark of ENDS[code]) marks.delete(mark);
    else if (code === 38 || code === 48) {
      // 5;n is one of 256 colours, of which the first 16 have names; 2;r;g;b is any: shown as it is without it.
      const named = codes[i + 1] === 5 ? (colour(codes[i + 2] ?? -1) ?? "") : "";
      if (code === 38) fore = named;
      else back = named;
      i += codes[i + 1] === 5 ? 2 : 4;
    } else if (code === 39) fore = "";
    else if (code === 49) back = "";
    else if (code >= 30 && code <= 37) fore = colour(code - 30)!;
    else if (code >= 90 && code <= 97) fore = colour(code - 90 + 8)!;
    else if (code >= 40 && code <= 47) back = colour(code - 40)!;
    else if (code >= 100 && code <= 107) back = colour(code - 100 + 8)!;
  }
  return { fore, back, marks };
}

/** The sixteen by name; the bright ones look as the others do, because both have to be readable on either ground. */
const colour = (index: number): string | undefined => (index >= 0 && index < 16 ? `ansi-${NAMES[index % 8]}` : undefined);

const classesOf = ({ fore, back, marks }: Style): string =>
  [...marks, ...(fore === "" ? [] : [fore]), ...(back === "" ? [] : [`on-${back}`])].join(" ");
