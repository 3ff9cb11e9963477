import type { TaskGroup } from "#core/dag-spec.ts";
import { type Place, WindlassError } from "#core/errors.ts";
import type { TaskSpecInput } from "#core/task-spec.ts";
import { DraftEdges } from "./draft-edges.ts";
import { GroupHandle } from "./group-handle.ts";
import { DagError, type Problem } from "./problem.ts";
import { graphProblems } from "./spec-problems.ts";
import { type EdgeEnd, type EdgeKeeper, type OutputShape, TaskHandle, TaskSet } from "./task-handle.ts";
import type { EdgedTask } from "./task-problems.ts";
import { namedTasks } from "./template-problems.ts";
import { written } from "./written.ts";

/** A task to be added, its id with those of its groups in front. */
export interface NewTask {
  task: TaskSpecInput;
  place: Place;
  group?: GroupHandle | undefined;
  /** Absent: it has no result. */
  output?: OutputShape | undefined;
}

/** Fields that name tasks by what groups begin with, which is known when all edges are. */
type LateFields = (idsOf: (ends: readonly EdgeEnd[]) => string[]) => Partial<TaskSpecInput>;

/** A DAG while its callback runs: collects tasks, groups, edges and every mistake, so that one error can list them all. */
export class DagDraft implements EdgeKeeper {
  readonly dagId: string;
  readonly problems: Problem[] = [];
  readonly #tasks = new Map<TaskHandle, TaskSpecInput>();
  readonly #groups: { group: GroupHandle; place: Place; spec: TaskGroup }[] = [];
  readonly #late: { task: TaskHandle; fields: LateFields }[] = [];
  readonly #edges = new DraftEdges(task => this.#tasks.get(task)?.teardown !== undefined);
  #open = true;

  constructor(dagId: string) {
    this.dagId = dagId;
  }

  add<Result = undefined>({ task, place, group, output }: NewTask): TaskHandle<Result> {
    this.#mustBeOpen(place);
    const { file, line } = place;
    const source = file === undefined || line === undefined ? {} : { source: { file, line } };
    const handle = new TaskHandle<Result>(this, task.id, output);
    this.#tasks.set(handle, written({ ...task, ...source }));
    if (group !== undefined) this.#edges.group(handle, group);
    return handle;
  }

  addGroup(
    { id, description }: { id: string; description: string | undefined },
    place: Place,
    parent: GroupHandle | undefined,
  ): GroupHandle {
    this.#mustBeOpen(place);
    const group = new GroupHandle(this, id, parent);
    this.#groups.push({ group, place, spec: { id, ...(description === undefined ? {} : { description }) } });
    return group;
  }

  /** The groups as plain data. */
  get groups(): { groups?: TaskGroup[] } {
    return this.#groups.length === 0 ? {} : { groups: this.#groups.map(({ spec }) => spec) };
  }

  amend(task: TaskHandle, more: Partial<TaskSpecInput>, place: Place): void {
    this.#mustBeOpen(place);
    this.#tasks.set(task, written({ ...this.#tasks.get(task), ...more } as TaskSpecInput));
  }

  /** Fields of a task that wait for the last edge. */
  amendLate(task: TaskHandle, fields: LateFields): void {
    this.#late.push({ task, fields });
  }

  endsIn(list: readonly unknown[], place: Place): EdgeEnd[] {
    this.#mustBeOpen(place, list);
    return list.flatMap((item): readonly EdgeEnd[] => {
      if (Array.isArray(item)) return this.endsIn(item, place);
      if (!(item instanceof TaskSet))
        return this.#refuse("WL_DAG_TYPE", `expected a task or a group, got ${kindOf(item)}`, place);
      const keeper = TaskSet.keeperOf(item);
      if (keeper === this) return item.ends;
      const owner = keeper instanceof DagDraft ? ` '${keeper.dagId}'` : "";
      const names = item.ends.map(end => `'${end.id}'`).join(", ");
      return this.#refuse("WL_DAG_UNKNOWN_UPSTREAM", `${names} belongs to DAG${owner}, not to '${this.dagId}'`, place);
    });
  }

  join(up: EdgeEnd, down: EdgeEnd, place: Place): void {
    const wrong = this.#edges.join(up, down, place);
    if (wrong !== undefined) this.report("WL_DAG_CYCLE", wrong, place);
  }

  report(code: Problem["code"], message: string, place: Place): void {
    this.problems.push({ code, message, place });
  }

  /** Ends the draft: its tasks with their edges, as plain data. Mistakes of the graph join the others. */
  close(): EdgedTask[] {
    this.#open = false;
    this.#joinNamed();
    this.#edges.settle();
    const idsOf = (ends: readonly EdgeEnd[]) => ends.flatMap(end => this.#edges.firstOf(end)).map(({ id }) => id);
    for (const { task, fields } of this.#late) {
      this.#tasks.set(task, written({ ...this.#tasks.get(task), ...fields(idsOf) } as TaskSpecInput));
    }
    const tasks = [...this.#tasks].map(([handle, task]): EdgedTask => {
      return Object.assign(task, { upstream: this.#edges.upstreamOf(handle).map(({ id }) => id) });
    });
    // Only groups and mistakes ask: a map of all ids would cost every DAG.
    let known: ReadonlyMap<string, TaskHandle> | undefined;
    const handleOf = (id: string) => {
      known ??= this.#handlesById();
      return known.get(id);
    };
    this.#checkGroups(handleOf);
    const placeOf = (up: string, down: string) => this.#edges.placeOf(handleOf(up), handleOf(down));
    this.problems.push(...graphProblems({ id: this.dagId, tasks }, placeOf));
    // The DAG file may keep its handles, and they their draft.
    this.#tasks.clear();
    this.#edges.clear();
    return tasks;
  }

  /** Of two tasks with one id the first. */
  #handlesById(): Map<string, TaskHandle> {
    return new Map([...this.#tasks.keys()].reverse().map(handle => [handle.id, handle]));
  }

  /** A task runs after those whose results its texts name. */
  #joinNamed(): void {
    let byId: Map<string, TaskHandle> | undefined;
    for (const [handle, task] of this.#tasks) {
      for (const id of namedTasks(task)) {
        byId ??= this.#handlesById();
        const up = byId.get(id);
        // That a task names itself is a mistake of its text.
        if (up !== undefined && up !== handle && !this.#edges.isBefore(up, handle)) this.join(up, handle, task.source ?? {});
      }
    }
  }

  #checkGroups(handleOf: (id: string) => TaskHandle | undefined): void {
    const seen = new Set<string>();
    for (const { group, place } of this.#groups) {
      const { id } = group;
      if (GroupHandle.tasksOf(group).size === 0) this.report("WL_DAG_TYPE", `group '${id}' has no tasks`, place);
      if (seen.has(id) || handleOf(id) !== undefined)
        this.report("WL_DAG_DUPLICATE_TASK", `group '${id}' has the id of another group or task`, place);
      seen.add(id);
    }
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

const kindOf = (value: unknown): string =>
  typeof value === "string" ? `the string '${value}'` : value === null ? "null" : typeof value;
