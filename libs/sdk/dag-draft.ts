import { type Place, WindlassError } from "#core/errors.ts";
import type { ResultSchema } from "#core/result.ts";
import type { TaskSpecInput } from "#core/task-spec.ts";
import { DagError, type Problem } from "./problem.ts";
import { graphProblems } from "./spec-problems.ts";
import { type EdgeKeeper, TaskHandle, TaskSet } from "./task-handle.ts";

/** A DAG while its callback runs: collects tasks, edges and every mistake, so that one error can list them all. */
export class DagDraft implements EdgeKeeper {
  readonly dagId: string;
  readonly problems: Problem[] = [];
  readonly #tasks: { handle: TaskHandle; task: TaskSpecInput }[] = [];
  readonly #upstream = new Map<TaskHandle, Set<string>>();
  readonly #edgePlaces = new Map<string, Place>();
  #open = true;

  constructor(dagId: string) {
    this.dagId = dagId;
  }

  /** @param result the schema of the task's result; absent: it has none */
  add<Result = undefined>(task: TaskSpecInput, place: Place, result?: ResultSchema): TaskHandle<Result> {
    this.#mustBeOpen(place);
    const { file, line } = place;
    const source = file === undefined || line === undefined ? {} : { source: { file, line } };
    const handle = new TaskHandle<Result>(this, task.id, result);
    this.#tasks.push({ handle, task: { ...task, ...source } });
    this.#upstream.set(handle, new Set());
    return handle;
  }

  tasksIn(list: readonly unknown[], place: Place): TaskHandle[] {
    this.#mustBeOpen(place, list);
    return list.flatMap((item): readonly TaskHandle[] => {
      if (Array.isArray(item)) return this.tasksIn(item, place);
      if (!(item instanceof TaskSet)) return this.#refuse("WL_DAG_TYPE", `expected a task, got ${kindOf(item)}`, place);
      const keeper = TaskSet.keeperOf(item);
      if (keeper === this) return item.members;
      const owner = keeper instanceof DagDraft ? ` '${keeper.dagId}'` : "";
      const names = item.members.map(task => `'${task.id}'`).join(", ");
      return this.#refuse("WL_DAG_UNKNOWN_UPSTREAM", `${names} belongs to DAG${owner}, not to '${this.dagId}'`, place);
    });
  }

  join(up: TaskHandle, down: TaskHandle, place: Place): void {
    this.#upstream.get(down)?.add(up.id);
    this.#edgePlaces.set(edgeKey(up.id, down.id), place);
  }

  report(code: Problem["code"], message: string, place: Place): void {
    this.problems.push({ code, message, place });
  }

  /** Ends the draft: its tasks with their edges. Mistakes of the graph join the others. */
  close(): TaskSpecInput[] {
    this.#open = false;
    const tasks = this.#tasks.map(({ handle, task }) => ({ ...task, upstream: [...(this.#upstream.get(handle) ?? [])] }));
    this.problems.push(...graphProblems(tasks, (up, down) => this.#edgePlaces.get(edgeKey(up, down))));
    return tasks;
  }

  #refuse(code: Problem["code"], message: string, place: Place): [] {
    this.report(code, message, place);
    return [];
  }

  /** After the callback nobody looks at the collected mistakes any more, so this one is thrown. */
  #mustBeOpen(place: Place, list: readonly unknown[] = []): void {
    if (this.#open) return;
    const foreign = list.flat().find(item => item instanceof TaskSet && TaskSet.keeperOf(item) !== this);
    if (foreign !== undefined) {
      throw new DagError([
        {
          code: "WL_DAG_UNKNOWN_UPSTREAM",
          message: `an edge joins a task of DAG '${this.dagId}' with a task of another DAG`,
          place,
        },
      ]);
    }
    throw new WindlassError("WL_DAG_TYPE", `DAG '${this.dagId}' is finished: add tasks and edges inside the callback of dag()`, {
      place,
    });
  }
}

const edgeKey = (up: string, down: string): string => `${up}\0${down}`;

const kindOf = (value: unknown): string =>
  typeof value === "string" ? `the string '${value}'` : value === null ? "null" : typeof value;
