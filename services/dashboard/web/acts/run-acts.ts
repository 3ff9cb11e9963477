import { Ban, CircleCheckBig, CircleX, Eraser, Repeat2, StickyNote } from "lucide-react";
import type { ActReply } from "#contract/act.ts";
import type { StartRunReply } from "#contract/run.ts";
import { ask, path } from "../api/ask.ts";
import type { Act, Question } from "./act.ts";
import { tasksText } from "./tasks-text.ts";

/** A run as acts need to know it. */
export interface RunSubject {
  runId: string;
  state: string;
}

const isOver = ({ state }: RunSubject): boolean => state === "success" || state === "failed" || state === "cancelled";

const VERSION: Question = {
  kind: "choice",
  name: "version",
  label: "With which version of the DAG",
  choices: [
    { value: "run", label: "The one the run has" },
    { value: "newest", label: "The newest one" },
  ],
  usual: "run",
};

const clear = (runId: string, body: object, signal?: AbortSignal): Promise<ActReply> =>
  ask<ActReply>(path`/api/v1/runs/${runId}/clear`, { body, ...(signal === undefined ? {} : { signal }) });

const clearBody = ({ what, version }: Readonly<Record<string, string | boolean>>): object => ({
  failedOnly: what === "failed",
  version,
});

/** Everything that can be done to a run, in the order of its menus. */
export const RUN_ACTS = {
  clear: {
    id: "clear",
    label: "Clear",
    icon: Eraser,
    refusal: () => undefined,
    about: "The tasks run again, with all that comes after them. What they did before stays in their earlier tries.",
    questions: [
      {
        kind: "choice",
        name: "what",
        label: "Which tasks",
        choices: [
          { value: "failed", label: "What failed, or did not run because of it" },
          { value: "all", label: "All tasks" },
        ],
        usual: "failed",
      },
      VERSION,
    ],
    preview: ({ runId }, answers, signal) => clear(runId, { ...clearBody(answers), dryRun: true }, signal),
    carryOut: async ({ runId }, answers) => `${tasksText((await clear(runId, clearBody(answers))).count)} cleared`,
  },
  rerun: {
    id: "rerun",
    label: "Run again as a new run",
    icon: Repeat2,
    refusal: () => undefined,
    about: "A new run for the same date with the same parameters; this one stays as it is.",
    questions: [VERSION],
    carryOut: async ({ runId }, { version }) => {
      const { id } = await ask<StartRunReply>(path`/api/v1/runs/${runId}/rerun`, {
        body: { version },
        idempotencyKey: crypto.randomUUID(),
      });
      return `started as ${id}`;
    },
  },
  cancel: {
    id: "cancel",
    label: "Cancel",
    icon: Ban,
    isGrave: true,
    refusal: run => (isOver(run) ? "it has ended" : undefined),
    about: "Pods are deleted, and what has not started never starts. Teardowns still run.",
    carryOut: async ({ runId }) => {
      await ask(path`/api/v1/runs/${runId}/cancel`, { method: "POST" });
      return "is being cancelled";
    },
  },
  markSuccess: {
    id: "markSuccess",
    label: "Mark as success",
    icon: CircleCheckBig,
    refusal: ({ state }) => (state === "success" ? "it is a success" : undefined),
    about: "The run ends now and counts as a success. What runs is stopped.",
    carryOut: async ({ runId }) => markRun(runId, "success"),
  },
  markFailed: {
    id: "markFailed",
    label: "Mark as failed",
    icon: CircleX,
    isGrave: true,
    refusal: ({ state }) => (state === "failed" ? "it has failed" : undefined),
    about: "The run ends now and counts as failed. What runs is stopped.",
    carryOut: async ({ runId }) => markRun(runId, "failed"),
  },
  note: {
    id: "note",
    label: "Write a note",
    icon: StickyNote,
    refusal: () => undefined,
    about: "Everybody who looks at the run sees it. An empty note removes the one that is there.",
    questions: [{ kind: "text", name: "note", label: "Note" }],
    carryOut: async ({ runId }, { note }) => {
      await ask(path`/api/v1/runs/${runId}`, { method: "PATCH", body: { note } });
      return note === "" ? "note removed" : "note written";
    },
  },
} as const satisfies Readonly<Record<string, Act<RunSubject>>>;

async function markRun(runId: string, state: "success" | "failed"): Promise<string> {
  await ask(path`/api/v1/runs/${runId}/mark`, { body: { state } });
  return `marked as ${state}`;
}
