import { type Place, WindlassError } from "#core/errors.ts";
import type { ResultSchema } from "#core/result.ts";
import { callSite } from "./call-site.ts";
import { type Reference, referenceTo } from "./reference.ts";

/** Who keeps the edges of one DAG. Edges may only join tasks of the same keeper. */
export interface EdgeKeeper {
  /** The tasks that `list` names; what is no task is reported and left out. */
  tasksIn(list: readonly unknown[], place: Place): TaskHandle[];
  join(up: TaskHandle, down: TaskHandle, place: Place): void;
}

/** A task, several, or lists of them. */
export type TaskList = TaskSet | readonly TaskList[];

/**
 * Tasks that edges are drawn from and to together. There is no method `then` and there must not be one: JavaScript takes an object
 * with `then` for a promise.
 */
export class TaskSet {
  readonly #edges: EdgeKeeper;
  readonly #members: readonly TaskHandle[] | undefined;

  constructor(edges: EdgeKeeper, members?: readonly TaskHandle[]) {
    this.#edges = edges;
    this.#members = members;
  }

  /** The tasks of the set, in the order they were given. */
  get members(): readonly TaskHandle[] {
    return this.#members ?? [];
  }

  /** Who keeps the set's edges. */
  static keeperOf(set: TaskSet): EdgeKeeper {
    return set.#edges;
  }

  /** These tasks run before `tasks`. Returns `tasks`, so that `a.before(b, c).before(d)` reads as it runs. */
  before(...tasks: TaskList[]): TaskSet {
    return this.#join("down", tasks, callSite(this.before));
  }

  /** These tasks run after `tasks`. Returns `tasks`. */
  after(...tasks: TaskList[]): TaskSet {
    return this.#join("up", tasks, callSite(this.after));
  }

  /** Airflow's name for {@link before}. */
  setDownstream(...tasks: TaskList[]): TaskSet {
    return this.#join("down", tasks, callSite(this.setDownstream));
  }

  /** Airflow's name for {@link after}. */
  setUpstream(...tasks: TaskList[]): TaskSet {
    return this.#join("up", tasks, callSite(this.setUpstream));
  }

  #join(direction: "up" | "down", list: readonly TaskList[], place: Place): TaskSet {
    const others = this.#edges.tasksIn(list, place);
    for (const own of this.members) {
      for (const other of others) {
        if (direction === "down") this.#edges.join(own, other, place);
        else this.#edges.join(other, own, place);
      }
    }
    return new TaskSet(this.#edges, others);
  }
}

/** Nothing can be referred to of a task without a result. */
type Output<Result> = [Result] extends [undefined] ? never : Reference<Result>;

/** One task of a DAG that is being written, and what it will have as its result; undefined: it has none. */
export class TaskHandle<Result = unknown> extends TaskSet {
  readonly id: string;
  readonly #result: ResultSchema | undefined;

  /** @param result the schema of its result; absent: it has none */
  constructor(edges: EdgeKeeper, id: string, result?: ResultSchema) {
    super(edges);
    this.id = id;
    this.#result = result;
  }

  /**
   * The task's result, as a reference for later tasks: `extract.output.rows`.
   * @throws WL_DAG_TYPE when the task has no option `result`
   */
  get output(): Output<Result> {
    if (this.#result !== undefined) return referenceTo<Result>(["tasks", this.id, "output"], this.#result) as Output<Result>;
    const place = callSite(outputGetter);
    throw new WindlassError("WL_DAG_TYPE", `task '${this.id}' has no output: give it the option result`, { place });
  }

  override get members(): readonly TaskHandle[] {
    return [this];
  }
}

const outputGetter = Object.getOwnPropertyDescriptor(TaskHandle.prototype, "output")!.get!;
