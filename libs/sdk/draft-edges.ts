import type { Place } from "#core/errors.ts";
import { GroupHandle } from "./group-handle.ts";
import { type EdgeEnd, TaskHandle } from "./task-handle.ts";

interface GroupEdge {
  up: EdgeEnd;
  down: EdgeEnd;
  place: Place;
  /** The innermost group that both ends lie in, with those around it. */
  around: number;
}

const MOST_LOOKED_AT = 200;

/** The edges of a DAG that is being written. What a group begins and ends with is known only when its last edge is drawn. */
export class DraftEdges {
  /** Task → its upstreams, and where each edge was drawn last. */
  readonly #upstream = new Map<TaskHandle, Map<TaskHandle, Place>>();
  readonly #groupOf = new Map<TaskHandle, GroupHandle>();
  readonly #groupEdges: GroupEdge[] = [];
  readonly #isTeardown: (task: TaskHandle) => boolean;

  /** @param isTeardown asked when the edges of groups are settled */
  constructor(isTeardown: (task: TaskHandle) => boolean) {
    this.#isTeardown = isTeardown;
  }

  /** Puts a task into its group and those around it. */
  group(task: TaskHandle, group: GroupHandle): void {
    this.#groupOf.set(task, group);
    for (const around of GroupHandle.chainOf(group)) GroupHandle.tasksOf(around).add(task);
  }

  /** Draws an edge; a sentence when there cannot be one. */
  join(up: EdgeEnd, down: EdgeEnd, place: Place): string | undefined {
    if (up instanceof TaskHandle && down instanceof TaskHandle) {
      this.#draw(up, down, place);
      return undefined;
    }
    const [ups, downs] = [this.#around(up), this.#around(down)];
    if (up === down || ups.includes(down as GroupHandle) || downs.includes(up as GroupHandle))
      return `an edge joins group '${up instanceof GroupHandle ? up.id : down.id}' with itself or with something inside it`;
    this.#groupEdges.push({ up, down, place, around: ups.filter(group => downs.includes(group)).length });
    return undefined;
  }

  /** Turns the edges of groups into edges of tasks, from the innermost groups outwards: only edges inside a group say what it begins with. */
  settle(): void {
    for (const { up, down, place } of this.#groupEdges.splice(0).sort((a, b) => b.around - a.around)) {
      for (const last of this.lastOf(up)) for (const first of this.firstOf(down)) this.#draw(last, first, place);
    }
  }

  /** The tasks that a group begins with; a task itself. */
  firstOf(end: EdgeEnd): TaskHandle[] {
    if (end instanceof TaskHandle) return [end];
    const tasks = GroupHandle.tasksOf(end);
    return this.#work([...tasks].filter(task => !this.upstreamOf(task).some(up => tasks.has(up))));
  }

  /** The tasks that a group ends with; a task itself. */
  lastOf(end: EdgeEnd): TaskHandle[] {
    if (end instanceof TaskHandle) return [end];
    const tasks = GroupHandle.tasksOf(end);
    // What is undone does not hold up what comes after the group.
    const before = new Set([...tasks].filter(task => !this.#isTeardown(task)).flatMap(task => this.upstreamOf(task)));
    return this.#work([...tasks].filter(task => !before.has(task)));
  }

  upstreamOf(task: TaskHandle): TaskHandle[] {
    return [...(this.#upstream.get(task)?.keys() ?? [])];
  }

  /**
   * Whether the task runs before another one, by the edges between tasks that are drawn already. Looks at the nearest ones only: an edge
   * too many does no harm, and to look at all of a long chain for each of its tasks takes too long.
   */
  isBefore(up: TaskHandle, down: TaskHandle): boolean {
    const seen = new Set([down]);
    for (const task of seen) {
      const known = this.#upstream.get(task);
      if (seen.size > MOST_LOOKED_AT) return false;
      if (known === undefined) continue;
      if (known.has(up)) return true;
      // A set can grow while it is walked.
      for (const next of known.keys()) seen.add(next);
    }
    return false;
  }

  /** Where an edge was drawn. */
  placeOf(up: TaskHandle | undefined, down: TaskHandle | undefined): Place | undefined {
    return up && down && this.#upstream.get(down)?.get(up);
  }

  clear(): void {
    this.#upstream.clear();
    this.#groupOf.clear();
  }

  #draw(up: TaskHandle, down: TaskHandle, place: Place): void {
    const known = this.#upstream.get(down);
    if (known === undefined) this.#upstream.set(down, new Map([[up, place]]));
    else known.set(up, place);
  }

  #work(tasks: TaskHandle[]): TaskHandle[] {
    const work = tasks.filter(task => !this.#isTeardown(task));
    return work.length > 0 ? work : tasks;
  }

  #around(end: EdgeEnd): GroupHandle[] {
    return GroupHandle.chainOf(end instanceof GroupHandle ? GroupHandle.parentOf(end) : this.#groupOf.get(end));
  }
}
