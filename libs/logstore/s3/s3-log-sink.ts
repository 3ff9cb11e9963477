import type { LogSink } from "../buffered-log-writer.ts";
import type { S3Bucket } from "./s3-bucket.ts";
import { layoutOf, objectName } from "./s3-layout.ts";

export interface S3SinkOptions {
  bucket: S3Bucket;
  /** Prefix of the log's objects, with a slash at its end. */
  folder: string;
  /** This writer's id. */
  writer: string;
  /** What is there, oldest first. */
  chunks: readonly StoredChunk[];
  maxBytes: number;
  now: () => number;
}

interface StoredChunk {
  key: string;
  fromByte: number;
  toByte: number;
}

/** A smaller chunk grows with the next write, so that a log of one line a second does not become an object a line. */
const GROWS_UNTIL_BYTES = 64 * 1024;
/** Asking costs a request. What a replaced writer writes does not count anyway. */
const ASK_HOLDS_EVERY_MS = 30_000;

/** Writes a log as chunks under its own writer's id. */
export class S3LogSink implements LogSink {
  readonly name: string;
  readonly #options: S3SinkOptions;
  readonly #chunks: StoredChunk[];
  /** The text of the chunk that still grows. */
  #growing: { fromByte: number; text: Buffer } | undefined;
  #askedAt: number;
  #holds = true;

  constructor(options: S3SinkOptions) {
    this.#options = options;
    this.#chunks = [...options.chunks];
    this.#askedAt = options.now();
    this.name = options.folder;
  }

  async append(data: Buffer, atByte: number): Promise<void> {
    const { bucket, folder, writer, maxBytes } = this.#options;
    const { fromByte, text } = this.#growing ?? { fromByte: atByte, text: Buffer.alloc(0) };
    const grown = Buffer.concat([text, data]);
    const key = folder + objectName.chunk(fromByte, writer);
    await bucket.write(key, grown);
    const isSmall = grown.length < Math.min(GROWS_UNTIL_BYTES, maxBytes / 20);
    this.#growing = isSmall ? { fromByte, text: grown } : undefined;
    if (this.#chunks.at(-1)?.key === key) this.#chunks.pop();
    this.#chunks.push({ key, fromByte, toByte: fromByte + grown.length });
    await this.#forgetMiddle();
  }

  async holds(surely: boolean): Promise<boolean> {
    const { bucket, folder, writer, now } = this.#options;
    if (this.#holds && (surely || now() - this.#askedAt >= ASK_HOLDS_EVERY_MS)) {
      this.#holds = layoutOf(await bucket.list(`${folder}w`)).writer === writer;
      this.#askedAt = now();
    }
    return this.#holds;
  }

  async end(sizeBytes: number): Promise<void> {
    const { bucket, folder, writer, now } = this.#options;
    await bucket.write(folder + objectName.end(writer, sizeBytes), Buffer.from(`${JSON.stringify({ endedAt: now() })}\n`));
  }

  async release(): Promise<void> {
    this.#growing = undefined;
  }

  /** The first tenth stays, and of the rest the newest. */
  async #forgetMiddle(): Promise<void> {
    const { bucket, maxBytes } = this.#options;
    const headBytes = Math.ceil(maxBytes / 10);
    const isHead = ({ fromByte }: StoredChunk): boolean => fromByte < headBytes;
    const kept = this.#chunks.reduce((sum, { fromByte, toByte }) => sum + toByte - fromByte, 0);
    let excess = kept - maxBytes;
    const first = this.#chunks.findIndex(chunk => !isHead(chunk));
    if (excess <= 0 || first < 0) return;
    let count = 0;
    while (excess > 0 && first + count < this.#chunks.length - 1) {
      const { fromByte, toByte } = this.#chunks[first + count]!;
      excess -= toByte - fromByte;
      count++;
    }
    await bucket.remove(this.#chunks.slice(first, first + count).map(({ key }) => key));
    this.#chunks.splice(first, count);
  }
}
