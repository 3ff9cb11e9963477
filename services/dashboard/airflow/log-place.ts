import { MAIN_CONTAINER } from "#core/pod/task-pod.ts";
import { isFinal, type TaskRun } from "#core/run.ts";
import type { LogInfo } from "#logstore/log-store.ts";

/** A position in the logs of a try, which may have been restarted: what a continuation token says. */
export interface LogPlace {
  infra: number;
  fromByte: number;
}

const TOKEN = /^(\d{1,4})\.(\d{1,15})$/;

/** "0.4711". undefined: is no token of ours. */
export function readToken(token: string): LogPlace | undefined {
  const [, infra, fromByte] = TOKEN.exec(token) ?? [];
  return infra === undefined ? undefined : { infra: Number(infra), fromByte: Number(fromByte) };
}

const formatToken = ({ infra, fromByte }: LogPlace): string => `${infra}.${fromByte}`;

/** Where a reader begins: at the start of the last restart that has printed something. */
export const startPlace = (logs: readonly LogInfo[]): LogPlace => ({ infra: logs.at(-1)?.infra ?? 0, fromByte: 0 });

/** The logs of a try's main container, by restart. */
export const logsOfTry = (logs: readonly LogInfo[], tryNumber: number): LogInfo[] =>
  logs.filter(log => log.try === tryNumber && log.container === MAIN_CONTAINER);

/** The token for what comes after; null: nothing does. */
export function nextToken(
  read: LogPlace,
  logs: readonly LogInfo[],
  tryNumber: number,
  task: Pick<TaskRun, "state" | "try">,
): string | null {
  const later = logs.find(log => log.infra > read.infra);
  if (later !== undefined) return formatToken({ infra: later.infra, fromByte: 0 });
  const isOver = task.try > tryNumber || isFinal(task.state) || task.state === "up_for_retry";
  // A log is closed a moment after its try has ended; one whose worker died stays open.
  const isClosed = logs.some(log => log.infra === read.infra && log.ended);
  return isOver || (isClosed && task.state !== "restarting") ? null : formatToken(read);
}
