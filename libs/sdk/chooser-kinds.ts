import { z } from "zod";
import type { TaskState } from "#core/run.ts";
import { pathsOf } from "#core/template/paths.ts";
import type { TriggerRule } from "#core/trigger-rule.ts";
import type { Kind } from "./kind.ts";
import { type Reference, referenceTo } from "./reference.ts";
import { type EdgeEnd, type TaskHandle, type TaskList, TaskSet } from "./task-handle.ts";
import { EmptyOptions } from "./task-options.ts";
import { everyTask } from "./task-rules.ts";

/** What a branch can choose by. */
export type Choice = string | number | boolean;

/** What the cases of a branch may be called: "big" for a text, 3 for a number, "true" for a boolean. */
type CaseKey<T extends Choice> = T extends boolean ? `${T}` : T;

const isTaskList = (value: unknown): boolean => value instanceof TaskSet || Array.isArray(value);
export const TaskListInput = z.custom<TaskList>(isTaskList, { error: "expected a task, a group, or a list of them" });

/** `{{ … }}`, or a reference. */
export const Expression = z.string().regex(/^\{\{.*\}\}$/s);

export const BranchOptions = z.strictObject({
  /** The value that chooses: of a task's result (`check.output.kind`), its end (`exitCodeOf(check)`, `stateOf(check)`), `params` or `run`. */
  on: Expression,
  /** Who goes on, by the value: `{ big: load, small: [a, b] }`. All of them become direct downstreams; who is not chosen is skipped. */
  cases: z.record(z.string(), TaskListInput),
  /** Who goes on when no case fits. Default: nobody. */
  otherwise: TaskListInput.optional(),
  ...everyTask,
});
/** Options of a branch. The names of `cases` are checked against the type of `on`. */
export interface BranchOptions<T extends Choice = string> extends Omit<z.input<typeof BranchOptions>, "on" | "cases"> {
  on: Reference<T> | `{{${string}`;
  cases: { readonly [K in CaseKey<T>]?: TaskList };
}

export const ShortCircuitOptions = z.strictObject({
  /** The value that decides: what comes after goes on if it is true, a number but 0, a text but "", or a list or object; else it is skipped. */
  on: Expression,
  /** true: only what comes directly after it is skipped, and trigger rules decide on the rest. Default: false, all that follows is skipped. */
  respectRules: z.boolean().optional(),
  ...everyTask,
});
/** Options of a short circuit. */
export interface ShortCircuitOptions extends Omit<z.input<typeof ShortCircuitOptions>, "on"> {
  on: Reference<unknown> | `{{${string}`;
}

/** A failed task must not keep away the branch that looks at how it ended. */
const lookingAtEnds = (on: string, triggerRule: TriggerRule | undefined) =>
  triggerRule === undefined && pathsOf(on).some(([root, , field]) => root === "tasks" && ENDS.has(field))
    ? { triggerRule: "all_done" }
    : {};

const ENDS: ReadonlySet<unknown> = new Set(["exitCode", "state"]);

export const EMPTY: Kind<typeof EmptyOptions> = { options: EmptyOptions, isWorked: false, fields: () => ({ operator: "empty" }) };

export const LATEST_ONLY: Kind<typeof EmptyOptions> = {
  options: EmptyOptions,
  isWorked: false,
  fields: () => ({ operator: "latestOnly" }),
};

export const BRANCH: Kind<typeof BranchOptions> = {
  options: BranchOptions,
  isWorked: false,
  // Whom the cases name is known when all edges are drawn.
  fields: ({ on, triggerRule }) => ({ operator: "branch", on, cases: [], ...lookingAtEnds(on, triggerRule) }),
};

export const SHORT_CIRCUIT: Kind<typeof ShortCircuitOptions> = {
  options: ShortCircuitOptions,
  isWorked: false,
  fields: ({ on, respectRules, triggerRule }) => ({
    operator: "shortCircuit",
    on,
    respectRules,
    ...lookingAtEnds(on, triggerRule),
  }),
};

/** A branch's cases as the spec holds them. A name stands for the text, and for the number or boolean that is written so. */
export function casesOf(cases: Readonly<Record<string, EdgeEnd[]>>, idsOf: (ends: readonly EdgeEnd[]) => string[]) {
  return Object.entries(cases).flatMap(([name, ends]) => {
    const to = idsOf(ends);
    return meanings(name).map(is => ({ is, to }));
  });
}

function meanings(name: string): Choice[] {
  if (name === "true" || name === "false") return [name === "true", name];
  return name !== "" && String(Number(name)) === name ? [Number(name), name] : [name];
}

/** What the task's main container exited with, as a reference: 0, or a failure's code. */
export const exitCodeOf = (task: TaskHandle): Reference<number> =>
  referenceTo(["tasks", task.id, "exitCode"], { type: "integer" });

/** How the task ended, as a reference. */
export const stateOf = (task: TaskHandle): Reference<EndState> => referenceTo(["tasks", task.id, "state"], { type: "string" });

type EndState = Extract<TaskState, "success" | "failed" | "upstream_failed" | "skipped" | "cancelled">;
