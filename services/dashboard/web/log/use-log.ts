import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { LogLinesReply, LogSearchReply } from "#contract/log-lines.ts";
import { ask, path, withQuery } from "../api/ask.ts";
import { followLog } from "./follow-log.ts";
import { LogBuffer } from "./log-buffer.ts";

/** A container's log of one try. */
export interface LogName {
  runId: string;
  taskId: string;
  try: number;
  /** Which restart of the try. Absent: the last that printed. */
  infra?: number | undefined;
  container: string;
}

/** Where the log is as text. `query`: what else is asked. */
export function logUrl(
  { runId, taskId, try: tryNumber, infra, container }: LogName,
  query: Record<string, string | number | boolean> = {},
  part = "",
): string {
  return withQuery(`${path`/api/v1/runs/${runId}/tasks/${taskId}/logs`}${part}`, { try: tryNumber, infra, container, ...query });
}

export const searchLog = (name: LogName, q: string, signal: AbortSignal): Promise<LogSearchReply> =>
  ask(logUrl(name, { q }, "/search"), { signal });

/** The log's lines, as they are asked for; with `isOpen` also those that are still to come. */
export function useLog(name: LogName, isOpen: boolean): LogBuffer {
  const { runId, taskId, try: tryNumber, infra, container } = name;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the name by its parts; it is another object each time
  const buffer = useMemo(
    () => new LogBuffer((from, count) => ask<LogLinesReply>(logUrl(name, { from, count }, "/lines"))),
    [runId, taskId, tryNumber, infra, container],
  );
  useSyncExternalStore(buffer.subscribe, buffer.version);

  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => {
    if (!isOpen) return;
    const stop = new AbortController();
    const follow = async (): Promise<void> => {
      await buffer.load(-1);
      if (stop.signal.aborted || buffer.ended) return;
      await followLog({
        url: logUrl(name, { follow: 1 }),
        fromByte: buffer.follow(),
        signal: stop.signal,
        onLines: lines => buffer.append(lines),
        onEnd: () => buffer.end(),
      });
    };
    void follow();
    return () => stop.abort();
  }, [buffer, isOpen]);
  return buffer;
}
