import type { z } from "zod";
import type { Place } from "#core/errors.ts";
import type { DagDraft } from "./dag-draft.ts";
import { findLiteralSecrets } from "./find-literal-secrets.ts";
import { issueText } from "./issue-text.ts";
import type { Problem } from "./problem.ts";
import { idProblem } from "./spec-problems.ts";
import { withTexts } from "./templated.ts";

/** Checks what one call of the DAG file was given. Mistakes go to the draft under the call's place. */
export interface OptionsReader {
  place: Place;
  /** The checked options; undefined when they are wrong. `owner` begins the message. */
  options<S extends z.ZodObject>(schema: S, owner: string, options: unknown): z.output<S> | undefined;
  /** As {@link options}, and checks the id as well. */
  taskOptions<S extends z.ZodObject>(schema: S, id: string, options: unknown): z.output<S> | undefined;
  /** Looks at the options as they were written, so that a mistake elsewhere in them does not hide a secret. */
  refuseLiteralSecrets(taskId: string | undefined, options: unknown): void;
  /** Takes a task's problems found later; the task's id begins their message. */
  problem(taskId: string): (problem: Problem) => void;
}

export function optionsReader(draft: DagDraft, place: Place): OptionsReader {
  const read: OptionsReader = {
    place,

    options(schema, owner, options) {
      const parsed = schema.safeParse(withTexts(options), { reportInput: true });
      if (parsed.success) return parsed.data;
      const known = Object.keys(schema.shape);
      for (const issue of parsed.error.issues) draft.report("WL_DAG_TYPE", owner + issueText(issue, known), place);
      return undefined;
    },

    taskOptions(schema, id, options) {
      const wrongId = idProblem("task", id, place);
      if (wrongId !== undefined) draft.problems.push(wrongId);
      return read.options(schema, taskPrefix(id), options);
    },

    refuseLiteralSecrets(taskId, options) {
      for (const { path, reason } of findLiteralSecrets(options)) {
        const cure = path.some(step => step === "headers" || step === "url")
          ? "name the workers' credentials with account"
          : "use secret.env(name, key), or plain(value) if it is none";
        const message = `${taskPrefix(taskId)}${path.join(".")} looks like a secret, ${reason}: ${cure}`;
        draft.report("WL_DAG_LITERAL_SECRET", message, place);
      }
    },

    problem:
      taskId =>
      ({ code, message, place: where }) =>
        draft.report(code, taskPrefix(taskId) + message, where),
  };
  return read;
}

const taskPrefix = (id: unknown): string => (id === undefined ? "" : `task '${String(id)}': `);
