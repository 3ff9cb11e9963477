import type { RunDetailReply } from "#contract/run.ts";
import { TASK_MARKS } from "../output/task-mark.ts";
import { endLine } from "./test-report.ts";

/** Says what happens, a line each: for a person who waits, and for the log of a CI job. */
export class TestProgress {
  readonly #say: (line: string) => void;
  /** By task: the try and state that were last told. */
  readonly #told = new Map<string, string>();

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  see(run: RunDetailReply): void {
    for (const task of run.tasks) {
      const now = `${task.try} ${task.state}`;
      if (this.#told.get(task.id) === now || !TOLD.has(task.state)) continue;
      this.#told.set(task.id, now);
      this.#say(`${TASK_MARKS[task.state]} ${endLine(task)}`);
    }
  }

  /** A task is not carried out as an installation would. */
  standIn(taskId: string, what: string): void {
    this.#say(`· ${taskId}  ${what}`);
  }
}

const TOLD: ReadonlySet<string> = new Set([
  "running",
  "success",
  "failed",
  "upstream_failed",
  "skipped",
  "cancelled",
  "up_for_retry",
  "restarting",
]);
