const NEWLINE = 0x0a;

/** A line, or a fixed-size piece of one that is longer than the limit. */
export interface LinePiece {
  text: string;
  /** This piece goes on where the one before it ended. */
  cont: boolean;
  /** The line goes on in the next piece. */
  more: boolean;
}

/**
 * Cuts bytes into lines. A line longer than `maxBytes` comes out in pieces of that size, cut at a character boundary,
 * so that memory stays bounded; the same line gives the same pieces on every reading.
 */
export class LineSplitter {
  readonly #maxBytes: number;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #cont = false;

  constructor(maxBytes = Number.POSITIVE_INFINITY) {
    this.#maxBytes = maxBytes;
  }

  /** What the chunk completes. */
  push(chunk: Buffer): LinePiece[] {
    const pieces: LinePiece[] = [];
    const first = chunk.indexOf(NEWLINE);
    if (first < 0) {
      this.#keep(chunk, pieces);
      return pieces;
    }
    this.#endLine(chunk.subarray(0, first), pieces);
    const last = chunk.lastIndexOf(NEWLINE);
    if (last > first) this.#wholeLines(chunk.subarray(first + 1, last), pieces);
    this.#keep(chunk.subarray(last + 1), pieces);
    return pieces;
  }

  /** The line that the stream ended in the middle of; undefined when it ended with a newline. */
  rest(): LinePiece | undefined {
    if (this.#pendingBytes === 0) return undefined;
    const rest = { text: this.#take().toString("utf8"), cont: this.#cont, more: false };
    this.#cont = false;
    return rest;
  }

  /** Most bytes come this way: decoded at once, which costs a tenth of decoding line by line. */
  #wholeLines(bytes: Buffer, pieces: LinePiece[]): void {
    if (bytes.length <= this.#maxBytes) {
      for (const text of bytes.toString("utf8").split("\n")) pieces.push({ text, cont: false, more: false });
      return;
    }
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      this.#endLine(bytes.subarray(start, end), pieces);
      start = end + 1;
    }
    this.#endLine(bytes.subarray(start), pieces);
  }

  #endLine(tail: Buffer, pieces: LinePiece[]): void {
    this.#keep(tail, pieces);
    pieces.push({ text: this.#take().toString("utf8"), cont: this.#cont, more: false });
    this.#cont = false;
  }

  #keep(bytes: Buffer, pieces: LinePiece[]): void {
    if (bytes.length > 0) this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    while (this.#pendingBytes > this.#maxBytes) {
      const line = this.#take();
      const cut = characterStart(line, this.#maxBytes);
      pieces.push({ text: line.toString("utf8", 0, cut), cont: this.#cont, more: true });
      this.#cont = true;
      this.#pending = [line.subarray(cut)];
      this.#pendingBytes = line.length - cut;
    }
  }

  #take(): Buffer {
    const line = this.#pending.length === 1 ? this.#pending[0]! : Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    return line;
  }
}

/** The last position ≤ `at` where a UTF-8 character begins; `at` itself when the bytes are no UTF-8. */
function characterStart(bytes: Buffer, at: number): number {
  for (let cut = at; cut > at - 4; cut--) if ((bytes[cut]! & 0xc0) !== 0x80) return cut;
  return at;
}
