import type { TaskState } from "#core/run.ts";

/** A state as one letter. A capital: the task needed more than one try. */
const LETTERS: Readonly<Record<TaskState, string>> = {
  none: "n",
  scheduled: "w",
  mapped: "m",
  queued: "q",
  running: "r",
  deferred: "d",
  up_for_retry: "y",
  restarting: "i",
  success: "s",
  failed: "f",
  upstream_failed: "u",
  skipped: "k",
  cancelled: "c",
};

/** The run's version has no such task. */
export const NO_CELL = "-";

const STATES: Readonly<Record<string, TaskState>> = Object.fromEntries(
  Object.entries(LETTERS).map(([state, letter]) => [letter, state as TaskState]),
);

export const cellOf = (state: TaskState, tries: number): string => (tries > 1 ? LETTERS[state].toUpperCase() : LETTERS[state]);

/** What a letter says; undefined for {@link NO_CELL}. */
export function readCell(cell: string): { state: TaskState; retried: boolean } | undefined {
  const state = STATES[cell.toLowerCase()];
  return state === undefined ? undefined : { state, retried: cell !== cell.toLowerCase() };
}

/** Letters with repetitions as numbers: "ssssf" → "s4f". Most tasks of a run are in one state. */
export const packCells = (cells: string): string =>
  cells.replace(/([A-Za-z-])\1+/g, (same, letter: string) => `${letter}${same.length}`);

/** The opposite of {@link packCells}. */
export const unpackCells = (packed: string): string =>
  packed.replace(/([A-Za-z-])(\d+)/g, (_, letter: string, count: string) => letter.repeat(Number(count)));
