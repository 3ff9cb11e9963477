import { callSite } from "./call-site.ts";
import type { DagDraft } from "./dag-draft.ts";
import { mergeArgs } from "./merge-args.ts";
import { optionsReader } from "./options-reader.ts";
import { TaskHandle, type TaskList } from "./task-handle.ts";
import { type CheckedDefaultArgs, EmptyOptions, NoopOptions, PodOptions } from "./task-options.ts";
import { emptyTask, noopTask, podTask } from "./task-spec-of.ts";

/** What the callback of dag() gets: adds tasks and draws edges. The methods may be taken out of the object: `({ pod, chain }) => …`. */
export class DagBuilder {
  readonly #draft: DagDraft;
  readonly #defaults: CheckedDefaultArgs;

  constructor(draft: DagDraft, defaults: CheckedDefaultArgs) {
    this.#draft = draft;
    this.#defaults = defaults;
  }

  /** A task that runs as one Kubernetes pod per try; it succeeds when its container exits with 0. */
  readonly pod = (id: string, options: PodOptions): TaskHandle => {
    const read = optionsReader(this.#draft, callSite(this.pod));
    read.refuseLiteralSecrets(id, options);
    const args = read.taskOptions(PodOptions, id, options);
    return this.#draft.add(args === undefined ? emptyTask(id, {}) : podTask(id, mergeArgs(this.#defaults, args)), read.place);
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
