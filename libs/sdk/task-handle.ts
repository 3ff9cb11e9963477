import type { Place } from "#core/errors.ts";
import { callSite } from "./call-site.ts";

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

/** One task of a DAG that is being written. */
export class TaskHandle extends TaskSet {
  readonly id: string;

  constructor(edges: EdgeKeeper, id: string) {
    super(edges);
    this.id = id;
  }

  override get members(): readonly TaskHandle[] {
    return [this];
  }
}
