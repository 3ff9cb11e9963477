import { createHash } from "node:crypto";

/** A line with the stamp that the kubelet put before it. */
export interface StampedLine {
  /** RFC 3339 with up to nine digits of fraction, as it was sent. */
  ts: string;
  text: string;
}

/** A resume asks for one second more than was seen, because the server rounds its start down to whole seconds. */
const OVERLAP_MS = 1_000;
/** Longer lines are remembered by their digest. */
const LONGEST_KEY = 256;
/** Beyond this many lines in two seconds the oldest are forgotten: a resume may then repeat some. */
const MAX_KEYS = 200_000;

interface Seen {
  ts: string;
  count: number;
}

/** The newest line, and how many of its pieces were taken: a cut may come in the middle of a long one. */
interface LastLine {
  line: string;
  pieces: number;
}

/**
 * The lines of the last two seconds, counted: what a resumed read will bring once more.
 * Counting keeps identical lines with identical stamps exact, and stamps may run backwards between stdout and stderr.
 */
export class LogWindow {
  readonly #seen = new Map<string, Seen>();
  #maxTs = "";
  #last: LastLine | undefined;

  constructor(tail: Iterable<StampedLine> = []) {
    for (const { ts, text } of tail) this.add(ts, `${ts} ${text}`);
  }

  /** Where a resumed read has to begin; undefined when nothing was seen. */
  get since(): string | undefined {
    return this.#maxTs === "" ? undefined : `${secondsBefore(this.#maxTs, OVERLAP_MS)}Z`;
  }

  get last(): LastLine | undefined {
    return this.#last;
  }

  /** @param line the whole line or its first piece, stamp included */
  add(ts: string, line: string): void {
    const key = keyOf(line);
    const seen = this.#seen.get(key);
    if (seen === undefined) this.#seen.set(key, { ts, count: 1 });
    else seen.count++;
    this.#last = { line, pieces: 1 };
    if (ts > this.#maxTs) {
      this.#maxTs = ts;
      this.#forgetBefore(secondsBefore(ts, OVERLAP_MS * 2));
    }
    if (this.#seen.size > MAX_KEYS) this.#seen.delete(this.#seen.keys().next().value!);
  }

  addPiece(): void {
    if (this.#last !== undefined) this.#last.pieces++;
  }

  counts(): Map<string, number> {
    return new Map([...this.#seen].map(([key, { count }]) => [key, count]));
  }

  #forgetBefore(second: string): void {
    for (const [key, { ts }] of this.#seen) {
      if (ts.slice(0, 19) >= second) return;
      this.#seen.delete(key);
    }
  }
}

/** One read that takes up where the window ends: tells what of it is new. Every line in the window is recognised as often as it was seen. */
export class Replay {
  readonly #window: LogWindow;
  readonly #left: Map<string, number>;
  #expectsOverlap: boolean;
  #piecesToSkip = 0;

  constructor(window: LogWindow) {
    this.#window = window;
    this.#left = window.counts();
    this.#expectsOverlap = this.#left.size > 0;
  }

  /**
   * Judges a line by its first piece, and adds it to the window when it is new.
   * "after a gap": it is new, but what was to come again before it did not: the file was rotated meanwhile.
   */
  judge(ts: string, line: string): "new" | "repetition" | "after a gap" {
    const key = keyOf(line);
    const count = this.#left.get(key);
    const overlapMissing = this.#expectsOverlap;
    this.#expectsOverlap = false;
    if (count !== undefined) {
      if (count === 1) this.#left.delete(key);
      else this.#left.set(key, count - 1);
      const { last } = this.#window;
      this.#piecesToSkip = last?.line === line ? last.pieces - 1 : Number.POSITIVE_INFINITY;
      return "repetition";
    }
    this.#piecesToSkip = 0;
    this.#window.add(ts, line);
    return overlapMissing ? "after a gap" : "new";
  }

  /** Whether the next piece of the judged line is new. */
  isNewPiece(): boolean {
    if (this.#piecesToSkip > 0) {
      this.#piecesToSkip--;
      return false;
    }
    this.#window.addPiece();
    return true;
  }
}

const keyOf = (line: string): string => (line.length <= LONGEST_KEY ? line : createHash("sha256").update(line).digest("base64"));

/** The whole second of a stamp, moved back: "2026-01-01T00:00:05.123Z" → "2026-01-01T00:00:04". */
const secondsBefore = (ts: string, ms: number): string =>
  new Date(Date.parse(`${ts.slice(0, 19)}Z`) - ms).toISOString().slice(0, 19);
