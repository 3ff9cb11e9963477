import type { S3Object } from "./s3-bucket.ts";

/**
 * The objects of a log, all under one folder. Their names say everything, so that one listing is the log's index:
 *
 *     w<writer>-<from>   somebody began to write at this byte
 *     c<from>-<writer>   text that begins at this byte; it grows while it is small, later it is never touched again
 *     e<writer>-<size>   this writer ended the log at this length
 *
 * Writers are ordered by their ids. What one wrote counts up to where the next one began: a writer that does not know yet that it
 * was replaced can do no harm.
 */
export const objectName = {
  writer: (id: string, fromByte: number): string => `w${id}-${digits(fromByte, 15)}`,
  chunk: (fromByte: number, writer: string): string => `c${digits(fromByte, 15)}-${writer}`,
  end: (writer: string, sizeBytes: number): string => `e${writer}-${digits(sizeBytes, 15)}`,
};

/** Greater than every id before it; `chance` (hex) tells two apart that were made at once. */
export const nextWriterId = (last: string | undefined, chance: string): string =>
  `${digits(last === undefined ? 1 : Number(last.slice(0, 6)) + 1, 6)}${chance}`;

const digits = (value: number, count: number): string => String(value).padStart(count, "0");

/** A stretch of text that counts. */
export interface S3Chunk {
  key: string;
  /** Where the object begins in the log. */
  startByte: number;
  /** Which part of it counts. */
  fromByte: number;
  toByte: number;
}

/** What a listing says about a log. */
export interface S3Layout {
  chunks: S3Chunk[];
  /** Id of the writer that holds the log, or did last. */
  writer: string | undefined;
  ended: boolean;
}

/** Reads the listing of a log's folder. Pure. */
export function layoutOf(objects: readonly S3Object[]): S3Layout {
  const writers: { id: string; fromByte: number }[] = [];
  const ends = new Set<string>();
  const texts: { key: string; startByte: number; writer: string; sizeBytes: number }[] = [];
  for (const { key, sizeBytes } of objects) {
    const name = key.slice(key.lastIndexOf("/") + 1);
    const [first = "", second = ""] = name.slice(1).split("-");
    if (name.startsWith("w")) writers.push({ id: first, fromByte: Number(second) });
    else if (name.startsWith("e")) ends.add(first);
    else if (name.startsWith("c")) texts.push({ key, startByte: Number(first), writer: second, sizeBytes });
  }
  writers.sort((a, b) => (a.id < b.id ? -1 : 1));
  const chunks = texts.flatMap(({ key, startByte, writer, sizeBytes }): S3Chunk[] => {
    const until = writers
      .filter(({ id }) => id > writer)
      .reduce((min, { fromByte }) => Math.min(min, fromByte), Number.POSITIVE_INFINITY);
    const toByte = Math.min(startByte + sizeBytes, until);
    return toByte > startByte ? [{ key, startByte, fromByte: startByte, toByte }] : [];
  });
  const writer = writers.at(-1)?.id;
  return { chunks: chunks.sort((a, b) => a.fromByte - b.fromByte), writer, ended: writer !== undefined && ends.has(writer) };
}
