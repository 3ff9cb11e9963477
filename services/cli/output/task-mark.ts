import type { TaskReply } from "#contract/run.ts";
import type { Colour } from "./colours.ts";

type TaskState = TaskReply["state"];

/** One character for a state, so that it can be told without colours. */
export const TASK_MARKS: Readonly<Record<TaskState, string>> = {
  none: "·",
  scheduled: "◌",
  mapped: "⋮",
  queued: "○",
  running: "▶",
  deferred: "⏸",
  up_for_retry: "↻",
  restarting: "↺",
  success: "✔",
  failed: "✘",
  upstream_failed: "⊘",
  skipped: "⤼",
  cancelled: "■",
};

const COLOURS: Readonly<Record<string, Colour>> = {
  running: "cyan",
  deferred: "cyan",
  up_for_retry: "yellow",
  restarting: "yellow",
  success: "green",
  failed: "red",
  upstream_failed: "magenta",
  cancelled: "yellow",
  none: "gray",
  scheduled: "gray",
  queued: "gray",
  skipped: "gray",
};

/** Of a task or a run. */
export const stateColour = (state: string): Colour | undefined => COLOURS[state];
