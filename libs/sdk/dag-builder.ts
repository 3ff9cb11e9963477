import type { z } from "zod";
import type { Place } from "#core/errors.ts";
import type { PodPatch } from "#core/pod/pod-patch.ts";
import { callSite } from "./call-site.ts";
import type { DagDraft } from "./dag-draft.ts";
import { issueText } from "./issue-text.ts";
import { dropUndefined, mergeArgs } from "./merge-args.ts";
import type { Operator } from "./operator.ts";
import { optionsReader } from "./options-reader.ts";
import { referencePaths } from "./reference.ts";
import { TaskHandle, type TaskList } from "./task-handle.ts";
import { type CheckedDefaultArgs, EmptyOptions, NoopOptions, PodOptions } from "./task-options.ts";
import { emptyTask, noopTask, podTask } from "./task-spec-of.ts";

/** A JSON Schema that everything fits. */
const ANYTHING = {};

/** What the callback of dag() gets: adds tasks and draws edges. The methods may be taken out of the object: `({ pod, chain }) => …`. */
export class DagBuilder {
  readonly #draft: DagDraft;
  readonly #defaults: CheckedDefaultArgs;
  readonly #podDefaults: PodPatch | undefined;

  constructor(draft: DagDraft, defaults: CheckedDefaultArgs, podDefaults?: PodPatch) {
    this.#draft = draft;
    this.#defaults = defaults;
    this.#podDefaults = podDefaults;
  }

  /** A task that runs as one Kubernetes pod per try; it succeeds when its container exits with 0. */
  readonly pod = <Result = undefined>(id: string, options: PodOptions<Result>): TaskHandle<Result> =>
    this.#addPod<Result>(id, options, callSite(this.pod));

  /**
   * A task of a kind that {@link defineOperator} has defined.
   * @param args what the operator asks for
   * @param options of a pod; they win over what the operator says
   */
  readonly use = <Args extends z.ZodType, Result = undefined>(
    operator: Operator<Args, Result>,
    id: string,
    args: z.input<Args>,
    options: Partial<PodOptions> = {},
  ): TaskHandle<Result> => {
    const place = callSite(this.use);
    const parsed = operator.args.safeParse(args, { reportInput: true });
    if (parsed.success) return this.#addPod<Result>(id, { ...operator.task(parsed.data), ...dropUndefined(options) }, place);
    const owner = `task '${id}': operator ${operator.name}: `;
    for (const issue of parsed.error.issues) this.#draft.report("WL_DAG_TYPE", owner + issueText(issue), place);
    return this.#draft.add<Result>(emptyTask(id, {}), place, ANYTHING);
  };

  /** A task without work: a place to hang edges on. The scheduler resolves it by itself, without pod or worker. */
  readonly empty = (id: string, options: EmptyOptions = {}): TaskHandle => {
    const read = optionsReader(this.#draft, callSite(this.empty));
    const args = read.taskOptions(EmptyOptions, id, options);
    return this.#draft.add(emptyTask(id, mergeArgs(this.#defaults, args ?? {})), read.place);
  };

  /** A task that passes through queue and worker and ends at once, without a pod. It measures Windlass itself; real work is a {@link pod}. */
  readonly noop = (id: string, options: NoopOptions = {}): TaskHandle => {
    const read = optionsReader(this.#draft, callSite(this.noop));
    const args = read.taskOptions(NoopOptions, id, options);
    return this.#draft.add(noopTask(id, mergeArgs(this.#defaults, args ?? {})), read.place);
  };

  #addPod<Result>(id: string, options: PodOptions, place: Place): TaskHandle<Result> {
    const read = optionsReader(this.#draft, place);
    // A schema is no part of the pod, and has no end when it is looked through.
    const { result: schema, ...said } = { ...options };
    read.refuseLiteralSecrets(id, said);
    const references = referencePaths(said);
    for (const path of references) {
      this.#draft.report("WL_DAG_TYPE", `task '${id}': option ${path}: a reference to a result cannot stand here`, place);
    }
    const args = references.length > 0 ? undefined : read.taskOptions(PodOptions, id, options);
    const context = { podDefaults: this.#podDefaults, place, report: read.problem(id) };
    const task = args === undefined ? emptyTask(id, {}) : podTask(id, mergeArgs(this.#defaults, args), context);
    // References to the result of a task with a mistake are no further mistakes.
    const result = schema === undefined ? undefined : (task.operator === "pod" && task.result) || ANYTHING;
    return this.#draft.add<Result>(task, place, result);
  }

  /**
   * Draws edges from each item to the next: `chain(a, [b, c], d)` is a → b → d and a → c → d. Two lists that follow each other are joined
   * pair by pair and must be equally long, as in Airflow.
   */
  readonly chain = (...items: TaskList[]): void => {
    const place = callSite(this.chain);
    const steps = items.map(item => ({ tasks: this.#draft.tasksIn([item], place), isList: !(item instanceof TaskHandle) }));
    for (const [index, down] of steps.slice(1).entries()) {
      const up = steps[index]!;
      const pairwise = up.isList && down.isList;
      if (pairwise && up.tasks.length !== down.tasks.length) {
        const lengths = `${up.tasks.length} and ${down.tasks.length}`;
        this.#draft.report(
          "WL_DAG_TYPE",
          `chain(): lists that follow each other must be equally long, got ${lengths} tasks`,
          place,
        );
        continue;
      }
      for (const [row, a] of up.tasks.entries()) {
        for (const b of pairwise ? down.tasks.slice(row, row + 1) : down.tasks) this.#draft.join(a, b, place);
      }
    }
  };
}
