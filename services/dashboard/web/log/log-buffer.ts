import type { LogLineReply, LogLinesReply } from "#contract/log-lines.ts";

/** Lines asked for at once. */
export const WINDOW = 500;
/** Lines that are kept: those far from where the reader looks go first. */
const MOST = 30_000;

type Fetch = (from: number, count: number) => Promise<LogLinesReply>;

/** The lines of a log that a reader has come by; asks for those that are looked at. Lines are numbered from 1. */
export class LogBuffer {
  readonly #fetch: Fetch;
  readonly #lines = new Map<number, LogLineReply>();
  readonly #asked = new Set<number>();
  readonly #listeners = new Set<() => void>();
  #version = 0;
  #total = 0;
  #toByte = 0;
  #ended = false;
  #isFollowed = false;
  #error: unknown;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Another number whenever something has changed. */
  readonly version = (): number => this.#version;

  get total(): number {
    return this.#total;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Why the last lines that were asked for did not come. */
  get error(): unknown {
    return this.#error;
  }

  lineAt(number: number): LogLineReply | undefined {
    return this.#lines.get(number);
  }

  /** Asks for a window by its first line; negative: from the end. @returns the window as it came */
  async load(from: number): Promise<LogLinesReply | undefined> {
    try {
      const reply = await this.#fetch(from, WINDOW);
      this.#error = undefined;
      // Who follows counts for himself: lines that a window knows of already are still to come to him.
      if (!this.#isFollowed) [this.#total, this.#toByte, this.#ended] = [reply.total, reply.toByte, reply.ended];
      for (const [i, line] of reply.lines.entries()) this.#lines.set(reply.from + i, line);
      return reply;
    } catch (error) {
      this.#error = error;
      return undefined;
    } finally {
      this.#changed();
    }
  }

  /** Sees to it that these lines come. */
  need(first: number, last: number): void {
    for (let window = Math.floor((first - 1) / WINDOW); window * WINDOW < Math.min(last, this.#total); window++) {
      const from = window * WINDOW + 1;
      if (this.#asked.has(window) || this.#has(from, Math.min(from + WINDOW - 1, this.#total))) continue;
      this.#asked.add(window);
      void this.load(from).then(() => this.#asked.delete(window));
    }
    if (this.#lines.size > MOST) this.#forget((first + last) / 2);
  }

  /** From now on the end comes by {@link append}. @returns the byte where it goes on */
  follow(): number {
    this.#isFollowed = true;
    return this.#toByte;
  }

  append(lines: readonly LogLineReply[]): void {
    for (const line of lines) this.#lines.set(++this.#total, line);
    this.#changed();
  }

  end(): void {
    this.#ended = true;
    this.#changed();
  }

  #has(first: number, last: number): boolean {
    for (let number = first; number <= last; number++) if (!this.#lines.has(number)) return false;
    return true;
  }

  #forget(around: number): void {
    for (const number of this.#lines.keys()) if (Math.abs(number - around) > MOST / 4) this.#lines.delete(number);
  }

  #changed(): void {
    this.#version++;
    for (const listener of [...this.#listeners]) listener();
  }
}
