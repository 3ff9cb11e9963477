import { fromArchive, toArchive } from "#state/archive/archive.ts";
import { sampleRun } from "../support/sample-run.ts";
import { round } from "./percentiles.ts";

const TASKS = 10_000;

/** A run of 10,000 pods as one value: how many bytes a task, and how long it takes to make and to read. */
export async function archive() {
  const { parts, ...key } = sampleRun(TASKS);
  const began = performance.now();
  const bytes = await toArchive(key, parts);
  const made = performance.now();
  await fromArchive(key, bytes);
  const read = performance.now();
  return {
    tasks: TASKS,
    bytesPerTask: round(bytes.length / TASKS, 1),
    laidOutBytesPerTask: round(Buffer.byteLength(JSON.stringify(parts)) / TASKS, 0),
    makeMs: round(made - began),
    readMs: round(read - made),
  };
}
