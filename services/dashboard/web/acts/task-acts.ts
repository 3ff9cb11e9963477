import { CircleCheckBig, CircleX, Eraser, FastForward, OctagonX, SkipForward, StickyNote } from "lucide-react";
import type { ActReply } from "#contract/act.ts";
import { ask, path } from "../api/ask.ts";
import type { Act, Answers } from "./act.ts";
import { tasksText } from "./tasks-text.ts";

/** A task of a run as acts need to know it. */
export interface TaskSubject {
  runId: string;
  taskId: string;
  state: string;
}

const isOneOf =
  (...states: string[]) =>
  ({ state }: TaskSubject): boolean =>
    states.includes(state);

const waitsForRetry = isOneOf("up_for_retry", "restarting", "deferred");
const endedBadly = isOneOf("failed", "upstream_failed", "cancelled");
const isLive = isOneOf("queued", "running", "deferred", "up_for_retry", "restarting");

const clear = ({ runId, taskId }: TaskSubject, body: object, signal?: AbortSignal): Promise<ActReply> =>
  ask<ActReply>(path`/api/v1/runs/${runId}/clear`, {
    body: { tasks: [taskId], ...body },
    ...(signal === undefined ? {} : { signal }),
  });

const clearBody = ({ downstream, upstream, failedOnly, newest }: Answers): object => ({
  downstream,
  upstream,
  failedOnly,
  version: newest === true ? "newest" : "run",
});

async function mark({ runId, taskId }: TaskSubject, state: "success" | "failed" | "skipped"): Promise<string> {
  await ask(path`/api/v1/runs/${runId}/tasks/${taskId}/mark`, { body: { state } });
  return `marked as ${state}`;
}

/** Everything that can be done to a task of a run, in the order of its menus. */
export const TASK_ACTS = {
  clear: {
    id: "clear",
    label: "Clear",
    icon: Eraser,
    refusal: ({ state }) => (state === "none" ? "it has not begun" : undefined),
    about: "It runs again. What it did before stays in its earlier tries.",
    questions: [
      { kind: "check", name: "downstream", label: "And all that comes after it", usual: true },
      { kind: "check", name: "upstream", label: "And all that comes before it", usual: false },
      { kind: "check", name: "failedOnly", label: "Of these only what failed, or did not run because of it", usual: false },
      { kind: "check", name: "newest", label: "Go on with the newest version of the DAG", usual: false },
    ],
    preview: (task, answers, signal) => clear(task, { ...clearBody(answers), dryRun: true }, signal),
    carryOut: async (task, answers) => `${tasksText((await clear(task, clearBody(answers))).count)} cleared`,
  },
  retryNow: {
    id: "retryNow",
    label: "Retry now",
    icon: FastForward,
    refusal: task => (waitsForRetry(task) || endedBadly(task) ? undefined : "it waits for no retry and has not failed"),
    about: "The next try starts at once, without its delay.",
    carryOut: async ({ runId, taskId }) => {
      await ask(path`/api/v1/runs/${runId}/tasks/${taskId}/retry`, { method: "POST" });
      return "starts again";
    },
  },
  stopRetrying: {
    id: "stopRetrying",
    label: "Stop retrying",
    icon: OctagonX,
    isGrave: true,
    refusal: task => (isLive(task) ? undefined : "no try of it is to come"),
    about: "No further try begins. A try that runs may end as it will; one that waits for its delay has failed.",
    carryOut: async ({ runId, taskId }) => {
      await ask(path`/api/v1/runs/${runId}/tasks/${taskId}/stop-retrying`, { method: "POST" });
      return "will not be retried";
    },
  },
  markSuccess: {
    id: "markSuccess",
    label: "Mark as success",
    icon: CircleCheckBig,
    refusal: ({ state }) => (state === "success" ? "it is a success" : undefined),
    about: "It counts as a success, and what comes after it goes on. A pod of it is deleted.",
    carryOut: task => mark(task, "success"),
  },
  markFailed: {
    id: "markFailed",
    label: "Mark as failed",
    icon: CircleX,
    isGrave: true,
    refusal: ({ state }) => (state === "failed" ? "it has failed" : undefined),
    about: "It counts as failed, and what comes after it follows its rules. A pod of it is deleted.",
    carryOut: task => mark(task, "failed"),
  },
  markSkipped: {
    id: "markSkipped",
    label: "Mark as skipped",
    icon: SkipForward,
    refusal: ({ state }) => (state === "skipped" ? "it is skipped" : undefined),
    about: "It counts as skipped, and what comes after it follows its rules. A pod of it is deleted.",
    carryOut: task => mark(task, "skipped"),
  },
  note: {
    id: "note",
    label: "Write a note",
    icon: StickyNote,
    refusal: () => undefined,
    about: "Everybody who looks at the task sees it. An empty note removes the one that is there.",
    questions: [{ kind: "text", name: "note", label: "Note" }],
    carryOut: async ({ runId, taskId }, { note }) => {
      await ask(path`/api/v1/runs/${runId}`, { method: "PATCH", body: { note, taskId } });
      return note === "" ? "note removed" : "note written";
    },
  },
} as const satisfies Readonly<Record<string, Act<TaskSubject>>>;
