import type { Io } from "../../../services/cli/output/io.ts";

interface Played {
  io: Io;
  /** What was written to standard output. */
  out(): string;
  /** Lines of talk. */
  said: string[];
}

/** A terminal, or none, that remembers. */
export function playedIo({
  stdin = "",
  answers = [] as string[],
  isTerminal = false,
  colours = false,
  columns = 80,
  rows = 24,
} = {}): Played {
  let out = "";
  const said: string[] = [];
  const io: Io = {
    async out(text) {
      out += text;
    },
    say: line => void said.push(line),
    isTerminal,
    canAsk: answers.length > 0,
    size: () => ({ columns, rows }),
    colours,
    ask: async () => answers.shift() ?? "",
    readAll: async () => stdin,
  };
  return { io, out: () => out, said };
}
