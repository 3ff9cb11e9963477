import { observable } from "../live/observable.ts";
import type { Act } from "./act.ts";
import type { RunSubject } from "./run-acts.ts";
import type { TaskSubject } from "./task-acts.ts";

/** A dialog that is open, with what it is about. */
export type Opened =
  | { kind: "act"; act: Act<unknown>; subjects: readonly { subject: unknown; name: string }[] }
  | { kind: "trigger"; dagId: string; conf?: Readonly<Record<string, unknown>> }
  | { kind: "approve"; runId: string; taskId: string }
  | { kind: "backfill"; dagId: string };

/** At most one dialog is open. The shell shows it. */
export const opened = observable<Opened | undefined>(undefined);

/** Asks before something is done to runs. */
export const askForRuns = (act: Act<RunSubject>, runs: readonly RunSubject[]): void =>
  opened.set({ kind: "act", act: act as Act<unknown>, subjects: runs.map(subject => ({ subject, name: subject.runId })) });

/** Asks before something is done to tasks. */
export const askForTasks = (act: Act<TaskSubject>, tasks: readonly TaskSubject[]): void =>
  opened.set({
    kind: "act",
    act: act as Act<unknown>,
    subjects: tasks.map(subject => ({ subject, name: `${subject.taskId} of ${subject.runId}` })),
  });

/** Opens the form that starts a run. @param conf what is filled in, such as another run's parameters */
export const askToTrigger = (dagId: string, conf?: Readonly<Record<string, unknown>>): void =>
  opened.set({ kind: "trigger", dagId, ...(conf === undefined ? {} : { conf }) });

export const askToBackfill = (dagId: string): void => opened.set({ kind: "backfill", dagId });

/** Asks for the answer that a task waits for. */
export const askToApprove = (runId: string, taskId: string): void => opened.set({ kind: "approve", runId, taskId });
