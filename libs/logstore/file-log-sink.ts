import { constants, type FileHandle, open, rm } from "node:fs/promises";
import type { LogSink } from "./buffered-log-writer.ts";
import { type LogPaths, segmentPath } from "./log-path.ts";
import { holdsClaim, markEnded } from "./log-state.ts";

/** A file of a log, by where it begins. */
export interface FilePart {
  fromByte: number;
  sizeBytes: number;
}

export interface FileSinkOptions {
  paths: LogPaths;
  claim: string;
  /** What is there: at least the first one, in order. */
  parts: readonly FilePart[];
  /** A file of this size is followed by another; the first one is the part that is always kept. */
  partBytes: number;
  /** All files together; the oldest but the first go when there would be more. */
  maxBytes: number;
  now: () => number;
}

/** A log's files: the first is kept, the others are deleted one by one when there is too much of them. */
export class FileLogSink implements LogSink {
  readonly name: string;
  readonly #options: FileSinkOptions;
  readonly #parts: FilePart[];
  #handle: FileHandle | undefined;

  constructor(options: FileSinkOptions) {
    this.#options = options;
    this.#parts = options.parts.map(part => ({ ...part }));
    this.name = options.paths.log;
  }

  async append(data: Buffer, atByte: number, startsLine: boolean): Promise<void> {
    const { partBytes, paths } = this.#options;
    let part = this.#parts.at(-1)!;
    if (startsLine && atByte - part.fromByte >= partBytes) {
      await this.release();
      part = { fromByte: atByte, sizeBytes: 0 };
      this.#parts.push(part);
      await this.#forgetMiddle();
    }
    this.#handle ??= await open(segmentPath(paths, part.fromByte), constants.O_WRONLY | constants.O_CREAT);
    const at = atByte - part.fromByte;
    const handle = this.#handle;
    for (let done = 0; done < data.length; ) {
      done += (await handle.write(data, done, data.length - done, at + done)).bytesWritten;
    }
    part.sizeBytes = at + data.length;
  }

  holds(): Promise<boolean> {
    return holdsClaim(this.#options.paths.state, this.#options.claim);
  }

  end(): Promise<void> {
    return markEnded(this.#options.paths.state, this.#options.now());
  }

  async release(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  async #forgetMiddle(): Promise<void> {
    const { paths, partBytes, maxBytes } = this.#options;
    const kept = () => this.#parts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    while (this.#parts.length > 2 && kept() + partBytes > maxBytes) {
      const [{ fromByte }] = this.#parts.splice(1, 1) as [FilePart];
      await rm(segmentPath(paths, fromByte), { force: true });
    }
  }
}
