import type { z } from "zod";
import type { Place } from "#core/errors.ts";
import type { DagDraft } from "./dag-draft.ts";
import { issueText } from "./issue-text.ts";
import { literalSecret } from "./literal-secret.ts";
import { idProblem } from "./spec-problems.ts";

/** Checks what one call of the DAG file was given. Mistakes go to the draft under the call's place. */
export interface OptionsReader {
  place: Place;
  /** The checked options; undefined when they are wrong. `owner` begins the message. */
  options<S extends z.ZodObject>(schema: S, owner: string, options: unknown): z.output<S> | undefined;
  /** As {@link options}, and checks the id as well. */
  taskOptions<S extends z.ZodObject>(schema: S, id: string, options: unknown): z.output<S> | undefined;
  /** Looks at the options as they were written, so that a mistake elsewhere in them does not hide a secret. */
  refuseLiteralSecrets(taskId: string, options: { env?: unknown } | undefined): void;
}

export function optionsReader(draft: DagDraft, place: Place): OptionsReader {
  const read: OptionsReader = {
    place,

    options(schema, owner, options) {
      const parsed = schema.safeParse(options, { reportInput: true });
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
      for (const [name, value] of Object.entries(options?.env ?? {})) {
        const reason = typeof value === "string" ? literalSecret(name, value) : undefined;
        if (reason === undefined) continue;
        const message = `${taskPrefix(taskId)}env.${name} looks like a secret, ${reason}: use secret(name, key), or plain(value) if it is none`;
        draft.report("WL_DAG_LITERAL_SECRET", message, place);
      }
    },
  };
  return read;
}

const taskPrefix = (id: unknown): string => (id === undefined ? "" : `task '${String(id)}': `);
