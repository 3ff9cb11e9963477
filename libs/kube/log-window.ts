/** A line with the stamp that the kubelet put before it. */
export interface StampedLine {
  /** RFC 3339 with up to nine digits of fraction, as it was sent. */
  ts: string;
  text: string;
}

/** A resume asks for one second more than was seen, because the server rounds its start down to whole seconds. */
const OVERLAP_MS = 1_000;
/** Beyond this many lines in three seconds (8 MB of hashes) the oldest are forgotten: a resume may then repeat some. */
const MAX_LINES = 1_000_000;

/** The lines of one second of stamps. */
interface Second {
  /** "2026-01-01T00:00:00" */
  second: string;
  hashes: number[];
}

/** The newest line, and how many of its pieces were taken: a cut may come in the middle of a long one. */
interface LastLine {
  hash: number;
  pieces: number;
}

/**
 * The lines of the last seconds as hashes: what a resumed read will bring once more. Taking a line in is a push to a list; they
 * are counted only when a read resumes. Counting keeps identical lines with identical stamps exact, and stamps may run
 * backwards between stdout and stderr.
 */
export class LogWindow {
  #seconds: Second[] = [];
  #lines = 0;
  #last: LastLine | undefined;

  /** Where a resumed read has to begin; undefined when nothing was seen. */
  get since(): string | undefined {
    const newest = this.#seconds.at(-1);
    return newest === undefined ? undefined : `${secondsBefore(newest.second, OVERLAP_MS)}Z`;
  }

  get last(): LastLine | undefined {
    return this.#last;
  }

  /**
   * @param line the whole line or its first piece, stamp included
   * @param pieces how many pieces of it are known
   */
  add(line: string, hash = hashOf(line), pieces = 1): void {
    this.#secondOf(line).hashes.push(hash);
    this.#last = { hash, pieces };
    if (++this.#lines > MAX_LINES) this.#shrink();
  }

  addPiece(): void {
    if (this.#last !== undefined) this.#last.pieces++;
  }

  counts(): Map<number, number> {
    const counts = new Map<number, number>();
    for (const { hashes } of this.#seconds) for (const hash of hashes) counts.set(hash, (counts.get(hash) ?? 0) + 1);
    return counts;
  }

  /** The list of the line's second. One that is older than all that is kept goes to the oldest: it is forgotten early enough. */
  #secondOf(line: string): Second {
    const newest = this.#seconds.at(-1);
    if (newest !== undefined && line.startsWith(newest.second)) return newest;
    const second = line.slice(0, 19);
    if (newest === undefined || second > newest.second) {
      const added: Second = { second, hashes: [] };
      this.#seconds.push(added);
      const keepFrom = secondsBefore(second, OVERLAP_MS * 2);
      while (this.#seconds[0]!.second < keepFrom) this.#lines -= this.#seconds.shift()!.hashes.length;
      return added;
    }
    return this.#seconds.findLast(one => one.second <= second) ?? this.#seconds[0]!;
  }

  #shrink(): void {
    const oldest = this.#seconds[0]!;
    if (this.#seconds.length > 1) this.#lines -= this.#seconds.shift()!.hashes.length;
    else {
      oldest.hashes = oldest.hashes.slice(oldest.hashes.length / 2);
      this.#lines = oldest.hashes.length;
    }
  }
}

/** One read that takes up where the window ends: tells what of it is new. Every line in the window is recognised as often as it was seen. */
export class Replay {
  readonly #window: LogWindow;
  readonly #left: Map<number, number>;
  #expectsOverlap: boolean;
  #piecesToSkip = 0;

  /** @param continues the read is of the same file as the one before: when nothing of it comes again, the file was rotated */
  constructor(window: LogWindow, continues = true) {
    this.#window = window;
    this.#left = window.counts();
    this.#expectsOverlap = continues && this.#left.size > 0;
  }

  /** The last line should have come again, and no line came at all: it is in a file that can be read no more. */
  get sawNothing(): boolean {
    return this.#expectsOverlap;
  }

  /**
   * Judges a line by its first piece, and adds it to the window when it is new.
   * "after a gap": it is new, but what was to come again before it did not: the file was rotated meanwhile, or is another one. The caller
   * adds it ({@link take}) once it knows which.
   */
  judge(line: string): "new" | "repetition" | "after a gap" {
    const hash = hashOf(line);
    const count = this.#left.size === 0 ? undefined : this.#left.get(hash);
    const overlapMissing = this.#expectsOverlap;
    this.#expectsOverlap = false;
    if (count !== undefined) {
      if (count === 1) this.#left.delete(hash);
      else this.#left.set(hash, count - 1);
      const { last } = this.#window;
      this.#piecesToSkip = last?.hash === hash ? last.pieces - 1 : Number.POSITIVE_INFINITY;
      return "repetition";
    }
    this.#piecesToSkip = 0;
    if (overlapMissing) return "after a gap";
    this.#window.add(line, hash);
    return "new";
  }

  /** Adds a line that came after a gap. */
  take(line: string): void {
    this.#window.add(line);
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

/** 53 bits of a line (cyrb53): a thousandth of the memory that the lines would take, at a nanosecond a character. */
function hashOf(line: string): number {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < line.length; at++) {
    const code = line.charCodeAt(at);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}

/** The whole second of a stamp, moved back: "2026-01-01T00:00:05" → "2026-01-01T00:00:04". */
const secondsBefore = (second: string, ms: number): string => new Date(Date.parse(`${second}Z`) - ms).toISOString().slice(0, 19);
