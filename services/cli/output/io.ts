import { once } from "node:events";
import type { Writable } from "node:stream";

/** The terminal, or what stands in for it: data goes to `out`, talk to `err`. */
export interface Io {
  /** Writes text as it is, and waits while the reader is slow. */
  out(text: string): Promise<void>;
  /** One line of talk. */
  say(line: string): void;
  /** Somebody looks at `out`. */
  isTerminal: boolean;
  /** Somebody can answer a question. */
  canAsk: boolean;
  /** Width and height of the terminal; without one, or where it does not say, 80 and 24. */
  size(): { columns: number; rows: number };
  /** Texts may be coloured: a terminal, and NO_COLOR is not set. */
  colours: boolean;
  /** Asks a question on standard error and reads one line. `hidden`: what is typed is not shown. */
  ask(question: string, options?: { hidden?: boolean }): Promise<string>;
  /** All of standard input. */
  readAll(): Promise<string>;
}

interface Streams {
  stdin: NodeJS.ReadStream;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

export function processIo(env: NodeJS.ProcessEnv, { stdin, stdout, stderr }: Streams = process): Io {
  return {
    async out(text) {
      if (!stdout.write(text)) await once(stdout, "drain");
    },
    say: line => void stderr.write(`${line}\n`),
    isTerminal: stdout.isTTY === true,
    canAsk: stdin.isTTY === true && stderr.isTTY === true,
    size: () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 }),
    colours: coloured(env, stdout.isTTY === true),
    ask: (question, { hidden = false } = {}) => askLine(question, hidden, stdin, stderr),
    async readAll() {
      const chunks: Buffer[] = [];
      for await (const chunk of stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString("utf8");
    },
  };
}

/** https://no-color.org; FORCE_COLOR is Node's own convention. */
function coloured({ NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (NO_COLOR) return false;
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== "0";
  return isTerminal && TERM !== "dumb";
}

async function askLine(question: string, hidden: boolean, stdin: NodeJS.ReadStream, stderr: Writable): Promise<string> {
  const { createInterface } = await import("node:readline/promises");
  const { Writable: Sink } = await import("node:stream");
  // readline echoes to its output: a sink hears it instead of the screen.
  const sink = new Sink({ write: (_chunk, _encoding, done) => done() });
  if (hidden) stderr.write(question);
  const reader = createInterface({ input: stdin, output: hidden ? sink : stderr, terminal: true });
  try {
    return await reader.question(hidden ? "" : question);
  } finally {
    reader.close();
    if (hidden) stderr.write("\n");
  }
}
