import {
  ArrowDownFromLine,
  Ban,
  Check,
  CircleDashed,
  CircleDot,
  Clock,
  Copy,
  Hourglass,
  type LucideIcon,
  Moon,
  Play,
  RotateCcw,
  RotateCw,
  SkipForward,
  X,
} from "lucide-react";
import type { RunState, TaskState } from "#core/run.ts";

export type Tone = "good" | "bad" | "busy" | "wait" | "warn" | "idle" | "away";

export interface StateLook {
  icon: LucideIcon;
  /** The state in words. */
  label: string;
  tone: Tone;
  /** What it means. */
  meaning: string;
}

const look = (icon: LucideIcon, label: string, tone: Tone, meaning: string): StateLook => ({ icon, label, tone, meaning });

/** How every state of a task or a run looks: a shape and a word beside the colour, since colour alone tells many people nothing. */
const STATE_LOOKS: Readonly<Record<TaskState | RunState, StateLook>> = {
  none: look(CircleDashed, "not started", "idle", "what it waits for is not done"),
  scheduled: look(Hourglass, "scheduled", "wait", "ready; waits for a slot, a limit or the run before"),
  mapped: look(Copy, "mapped", "busy", "its instances run"),
  queued: look(Clock, "queued", "wait", "a worker will take it"),
  running: look(Play, "running", "busy", "a worker holds it"),
  deferred: look(Moon, "waiting outside", "away", "waits for something outside and holds no worker"),
  up_for_retry: look(RotateCw, "up for retry", "warn", "the last try failed; the next waits for its delay"),
  restarting: look(RotateCcw, "restarting", "warn", "infrastructure ended the try; the same try starts again"),
  success: look(Check, "success", "good", "done"),
  failed: look(X, "failed", "bad", "no try is left"),
  upstream_failed: look(ArrowDownFromLine, "upstream failed", "warn", "never ran: something before it failed"),
  skipped: look(SkipForward, "skipped", "idle", "was not to run"),
  cancelled: look(Ban, "cancelled", "idle", "somebody, or a time limit, ended it"),
};

/** A state this page does not know, as a newer server may have. */
const UNKNOWN = look(CircleDot, "unknown", "idle", "this page does not know the state: load it again");

export const lookOf = (state: string): StateLook =>
  Object.hasOwn(STATE_LOOKS, state) ? STATE_LOOKS[state as TaskState] : { ...UNKNOWN, label: state };
