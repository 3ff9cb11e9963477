import type { LogRef, LogStore } from "#logstore/log-store.ts";
import { ALL } from "./choose-log.ts";
import { type LogPage, pagesOf } from "./log-row.ts";
import { mergeLogs, type NamedLog } from "./merged-log.ts";
import { type LogSelection, lastRows, selectRows } from "./select-rows.ts";

export interface ReadLogOptions extends LogSelection {
  /** Only so many of the last lines that are asked for. */
  tail?: number | undefined;
}

type Store = Pick<LogStore, "read" | "list">;

/** What is there of a log, or of all of a try's as one. @returns undefined when there is none */
export async function readLog(
  store: Store,
  ref: Required<LogRef>,
  { tail, ...selection }: ReadLogOptions,
): Promise<AsyncIterable<LogPage> | undefined> {
  // Lines are counted from the first one on: who searches reads all.
  const tailLines = selection.search === undefined ? tail : undefined;
  const open = () => (ref.container === ALL ? openMerged(store, ref, tailLines) : openOne(store, ref, tailLines));
  const first = await open();
  if (first === undefined) return undefined;
  // One log's own tail is the tail.
  if (tail === undefined || (tailLines !== undefined && ref.container !== ALL)) return selectRows(first, selection);
  return lastRows(async () => (await open()) ?? nothing(), selection, tail);
}

async function openOne(
  store: Store,
  ref: Required<LogRef>,
  tailLines: number | undefined,
): Promise<AsyncIterable<LogPage> | undefined> {
  const reading = await store.read(ref, tailLines === undefined ? {} : { tailLines });
  return reading && pagesOf(reading.lines, { isWhole: reading.fromByte === 0 });
}

async function openMerged(
  store: Store,
  ref: Required<LogRef>,
  tailLines: number | undefined,
): Promise<AsyncIterable<LogPage> | undefined> {
  const kept = (await store.list(ref.runId, ref.taskId)).filter(log => log.try === ref.try && log.infra === ref.infra);
  const opened = kept.map(async ({ container }): Promise<NamedLog[]> => {
    const pages = await openOne(store, { ...ref, container }, tailLines);
    return pages === undefined ? [] : [{ container, pages }];
  });
  const logs = (await Promise.all(opened)).flat();
  return logs.length === 0 ? undefined : mergeLogs(logs, { isWhole: tailLines === undefined });
}

async function* nothing(): AsyncGenerator<never, void, undefined> {
  // the log was removed between two looks
}
