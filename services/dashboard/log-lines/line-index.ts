import type { LogChunk } from "#logstore/log-store.ts";

/** A place in a log where a line begins. */
export interface LineMark {
  /** Lines before it. */
  line: number;
  byte: number;
}

const NEWLINE = 0x0a;
/** As far as one has to read on from a mark, more or less. */
const EVERY_LINES = 1_000;

/** Finds lines of a log by their numbers: where every thousandth begins. Grows with the log. */
export class LineIndex {
  readonly #marks: LineMark[] = [{ line: 0, byte: 0 }];
  #lines = 0;
  #toByte = 0;
  /** The last chunk ended inside a line. */
  #isOpen = false;

  /** Whole lines so far, and a last one without an end. */
  get total(): number {
    return this.#lines + (this.#isOpen ? 1 : 0);
  }

  /** Where the next chunk begins. */
  get toByte(): number {
    return this.#toByte;
  }

  /** Takes the next chunk of the log. */
  add({ fromByte, toByte, data }: LogChunk): void {
    const isMark = toByte - fromByte !== data.length;
    // Where something is left out, places cannot be counted off: the line behind it gets a mark of its own.
    if (isMark || (!this.#isOpen && this.#isFar())) this.#mark(fromByte);
    for (let at = data.indexOf(NEWLINE); at >= 0; at = data.indexOf(NEWLINE, at + 1)) {
      this.#lines++;
      if (!isMark && this.#isFar() && at + 1 < data.length) this.#mark(fromByte + at + 1);
    }
    this.#isOpen = data.length > 0 && data.at(-1) !== NEWLINE;
    this.#toByte = toByte;
    if (isMark) this.#mark(toByte);
  }

  /** The last mark at or before the line. @param line counted from 0 */
  before(line: number): LineMark {
    let [low, high] = [0, this.#marks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#marks[middle]!.line <= line) low = middle;
      else high = middle - 1;
    }
    return this.#marks[low]!;
  }

  #isFar(): boolean {
    return this.#lines - this.#marks.at(-1)!.line >= EVERY_LINES;
  }

  #mark(byte: number): void {
    if (byte > this.#marks.at(-1)!.byte) this.#marks.push({ line: this.#lines, byte });
  }
}
