import { type EdgeEnd, type EdgeKeeper, type TaskHandle, TaskSet } from "./task-handle.ts";

/**
 * Tasks with a common name in front of their ids. An edge to a group leads to the tasks that it begins with, an edge from it comes from
 * those that it ends with; teardowns do not count among these.
 */
export class GroupHandle extends TaskSet {
  /** With the ids of the groups around it: "load.raw". */
  readonly id: string;
  readonly #parent: GroupHandle | undefined;
  readonly #tasks = new Set<TaskHandle>();

  constructor(edges: EdgeKeeper, id: string, parent?: GroupHandle) {
    super(edges);
    this.id = id;
    this.#parent = parent;
  }

  override get ends(): readonly EdgeEnd[] {
    return [this];
  }

  /** The group itself and those around it, from the inside out. */
  static chainOf(group: GroupHandle | undefined): GroupHandle[] {
    const chain: GroupHandle[] = [];
    for (let at = group; at !== undefined; at = at.#parent) chain.push(at);
    return chain;
  }

  /** The group around it. */
  static parentOf(group: GroupHandle): GroupHandle | undefined {
    return group.#parent;
  }

  /** Its tasks, those of the groups inside it included. */
  static tasksOf(group: GroupHandle): Set<TaskHandle> {
    return group.#tasks;
  }
}
