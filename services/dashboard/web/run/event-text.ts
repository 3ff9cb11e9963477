import type { z } from "zod";
import type { HistoryReply } from "#contract/act.ts";
import { lookOf } from "../ui/state-look.ts";

export type HistoryEvent = z.infer<typeof HistoryReply>["events"][number];

interface KnownAct {
  type?: string;
  tasks?: readonly string[];
  state?: string;
}

const listOf = (tasks: readonly string[] = []): string =>
  tasks.length <= 4 ? tasks.join(", ") : `${tasks.slice(0, 3).join(", ")} and ${tasks.length - 3} more`;

/** What a person did, in words. */
const ACTS: Readonly<Record<string, (act: KnownAct) => string>> = {
  clear: ({ tasks }) => `cleared ${listOf(tasks)}`,
  mark: ({ tasks, state }) => `marked ${listOf(tasks)} as ${state}`,
  markRun: ({ state }) => `marked the run as ${state}`,
  retryNow: ({ tasks }) => `had ${listOf(tasks)} retried at once`,
  stopRetrying: ({ tasks }) => `stopped the retries of ${listOf(tasks)}`,
};

/** Kinds of events that say more than their name does. */
const TEXTS: Readonly<Record<string, (event: HistoryEvent) => string>> = {
  "run.created": ({ trigger }) => `the run was created (${String((trigger as { kind?: unknown } | undefined)?.kind ?? "")})`,
  "run.running": () => "the run started",
  "run.cancelRequested": () => "asked to cancel the run",
  "run.noted": ({ text }) => (text === "" ? "removed the note" : `noted: ${String(text)}`),
  "run.acted": ({ act }) => {
    const known = (act ?? {}) as KnownAct;
    return ACTS[known.type ?? ""]?.(known) ?? String(known.type ?? "acted");
  },
  "try.began": ({ try: number }) => `try ${String(number)} began`,
  "try.ended": ({ try: number, infra, state, code, message }) =>
    [
      `try ${String(number)}${Number(infra ?? 0) > 0 ? `, restart ${String(infra)},` : ""} ended: ${lookOf(String(state)).label}`,
      ...(typeof message === "string" && message !== "" ? [message] : typeof code === "string" ? [code] : []),
    ].join(" — "),
  "try.disputed": ({ code }) => `the pod said something else later: ${String(code)}; what was recorded stands`,
  "task.cancelled": () => "was cancelled",
};

/** Fields that every event has, or that stand elsewhere in its line. */
const SHOWN: ReadonlySet<string> = new Set(["at", "type", "actor", "taskId", "by", "worker"]);

/** One event of a run's history in words. */
export function eventText(event: HistoryEvent): string {
  const text = TEXTS[event.type]?.(event);
  if (text !== undefined) return text;
  const [subject = "", what = ""] = event.type.split(".");
  const words =
    subject === "task" || subject === "run" ? `${subject === "run" ? "the run: " : ""}${lookOf(what).label}` : event.type;
  const rest = Object.entries(event).filter(([name]) => !SHOWN.has(name));
  return rest.length === 0
    ? words
    : `${words} (${rest.map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`).join(", ")})`;
}
