import { type Place, WindlassError } from "#core/errors.ts";
import type { ResultSchema } from "#core/result.ts";
import type { TaskSpecInput } from "#core/task-spec.ts";
import { callSite } from "./call-site.ts";
import type { GroupHandle } from "./group-handle.ts";
import { type Reference, referenceTo } from "./reference.ts";

/** What an edge begins or ends at. Of a group it is what it begins or ends with. */
export type EdgeEnd = TaskHandle | GroupHandle;

/** Who keeps the edges of one DAG. Edges may only join tasks of the same keeper. */
export interface EdgeKeeper {
  /** The tasks and groups that `list` names; what is neither is reported and left out. */
  endsIn(list: readonly unknown[], place: Place): EdgeEnd[];
  join(up: EdgeEnd, down: EdgeEnd, place: Place): void;
  /** Says more of a task. */
  amend(task: TaskHandle, more: Pick<TaskSpecInput, "setup" | "teardown">, place: Place): void;
}

/** A task, a group, several, or lists of them. */
export type TaskList = TaskSet | readonly TaskList[];

/**
 * Tasks that edges are drawn from and to together. There is no method `then` and there must not be one: JavaScript takes an object
 * with `then` for a promise.
 */
export class TaskSet {
  readonly #edges: EdgeKeeper;
  readonly #ends: readonly EdgeEnd[] | undefined;

  constructor(edges: EdgeKeeper, ends?: readonly EdgeEnd[]) {
    this.#edges = edges;
    this.#ends = ends;
  }

  /** What the set's edges are drawn from and to, in the order it was given. */
  get ends(): readonly EdgeEnd[] {
    return this.#ends ?? [];
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
    const others = this.#edges.endsIn(list, place);
    for (const own of this.ends) {
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

/** Where later tasks find a task's result, and what it looks like. */
export interface OutputShape {
  path: readonly string[];
  schema: ResultSchema;
}

export interface TeardownOptions {
  /** The setups that it undoes: it runs when one of them succeeded, whatever became of the work between. */
  of: TaskList;
  /** true: a failed teardown fails the run. Default: false. */
  failsRun?: boolean;
}

/** One task of a DAG that is being written, and what it will have as its result; undefined: it has none. */
export class TaskHandle<Result = unknown> extends TaskSet {
  /** With the ids of its groups in front: "load.extract". */
  readonly id: string;
  readonly #output: OutputShape | undefined;

  /** @param output absent: it has none */
  constructor(edges: EdgeKeeper, id: string, output?: OutputShape) {
    super(edges);
    this.id = id;
    this.#output = output;
  }

  /**
   * The task's result, as a reference for later tasks: `extract.output.rows`. Of a mapped task it is the list of its instances' results.
   * @throws WL_DAG_TYPE when the task has no option `result`
   */
  get output(): Output<Result> {
    if (this.#output !== undefined) return referenceTo<Result>(this.#output.path, this.#output.schema) as Output<Result>;
    const place = callSite(outputGetter);
    throw new WindlassError("WL_DAG_TYPE", `task '${this.id}' has no output: give it the option result`, { place });
  }

  /** Makes it a setup: it prepares what a {@link asTeardown teardown} undoes. Returns the task. */
  asSetup(): this {
    TaskSet.keeperOf(this).amend(this, { setup: true }, callSite(this.asSetup));
    return this;
  }

  /**
   * Makes it a teardown: it runs once what is before it has ended, if one of its setups succeeded, and decides the run only with
   * `failsRun`. Draws the edges from the setups. Returns the task.
   *
   *     create.before(work).before(destroy.asTeardown({ of: create }));
   */
  asTeardown({ of, failsRun }: TeardownOptions): this {
    const place = callSite(this.asTeardown);
    const keeper = TaskSet.keeperOf(this);
    const setups = keeper.endsIn([of], place);
    for (const setup of setups) keeper.join(setup, this, place);
    keeper.amend(this, { teardown: { of: setups.map(({ id }) => id), failsRun } }, place);
    return this;
  }

  override get ends(): readonly EdgeEnd[] {
    return [this];
  }
}

const outputGetter = Object.getOwnPropertyDescriptor(TaskHandle.prototype, "output")!.get!;
