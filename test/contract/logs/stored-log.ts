import assert from "node:assert/strict";
import { openFileLogStore } from "#logstore/file-log-store.ts";
import { type LogLine, parseLine } from "#logstore/log-line.ts";
import type { LogStore } from "#logstore/log-store.ts";
import type { Fleet } from "../../support/fleet.ts";
import { until } from "../../support/until.ts";

export interface StoredLog {
  container?: string;
  try?: number;
  store?: LogStore;
  deadlineMs?: number;
}

/** The lines of a container's log once nothing follows. */
export async function storedLines(fleet: Fleet, runId: string, taskId: string, which: StoredLog = {}): Promise<LogLine[]> {
  const { container = "main", deadlineMs = 30_000, store = openFileLogStore({ dir: fleet.logsDir }) } = which;
  const tryNumber = which.try ?? 1;
  const isEnded = async () =>
    (await store.list(runId, taskId)).some(log => log.try === tryNumber && log.container === container && log.ended);
  await until(isEnded, { deadlineMs, what: `the end of the log of ${taskId} ${container}` });
  const reading = await store.read({ runId, taskId, try: tryNumber, container });
  const text = Buffer.concat(await Array.fromAsync(reading!.chunks)).toString();
  return text.split("\n").slice(0, -1).map(parseLine);
}

/** What the container itself printed. */
export const wordsOf = (lines: readonly LogLine[]): string[] =>
  lines.filter(({ ts }) => ts !== undefined).map(({ text }) => text);

/** What others put between its lines. */
export const marksOf = (lines: readonly LogLine[]): string[] =>
  lines.filter(({ ts }) => ts === undefined).map(({ by, text }) => `${by}: ${text}`);

/** Prints "line 1" to "line <count>" in bursts of `burst`, with a tenth of a second between them. */
export const numbered = (count: number, burst = 50): string =>
  `i=0; while [ $i -lt ${count} ]; do seq $((i + 1)) $((i + ${burst})) | sed 's/^/line /'; i=$((i + ${burst})); sleep 0.1; done`;

/** Every line once and in order. */
export function assertNumbered(words: readonly string[], count: number): void {
  const numbers = words.map(word => Number(/^line (\d+)$/.exec(word)?.[1]));
  const wrong = numbers.findIndex((number, index) => number !== index + 1);
  const around = wrong < 0 ? "" : `: ${words.slice(Math.max(wrong - 2, 0), wrong + 3).join(" | ")}`;
  assert.ok(wrong < 0, `line ${wrong + 1} of the log is wrong${around}`);
  assert.equal(numbers.length, count);
}
