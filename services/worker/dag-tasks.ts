import type { DagSpec } from "#core/dag-spec.ts";
import { readByScheduler } from "#core/graph.ts";
import { specIdOf } from "#core/instance-id.ts";
import type { PodPatch } from "#core/pod/pod-patch.ts";
import type { TaskSpec } from "#core/task-spec.ts";

/** A task with what its DAG says about every pod. */
export interface DagTask {
  task: TaskSpec;
  podDefaults: PodPatch | undefined;
  dag: Pick<DagSpec, "id" | "owner" | "tags">;
  /** For tasks that are functions. */
  bundle: string | undefined;
  /** The scheduler needs its result: a branch or a map hangs on it. */
  isRead: boolean;
}

/** Versions are never changed, so they are kept until there are this many. */
const MOST_VERSIONS = 500;

/** The tasks of the versions in use, by id. */
export class DagTasks {
  readonly #specOf: (version: string) => Promise<DagSpec | undefined>;
  readonly #byVersion = new Map<string, ReadonlyMap<string, DagTask>>();

  constructor(specOf: (version: string) => Promise<DagSpec | undefined>) {
    this.#specOf = specOf;
  }

  /** An instance of a mapped task is the task under the instance's id. */
  async find(version: string, taskId: string): Promise<DagTask | undefined> {
    const found = (await this.#tasksOf(version))?.get(specIdOf(taskId));
    return found === undefined || found.task.id === taskId ? found : { ...found, task: { ...found.task, id: taskId } };
  }

  async #tasksOf(version: string): Promise<ReadonlyMap<string, DagTask> | undefined> {
    const known = this.#byVersion.get(version);
    if (known !== undefined) return known;
    const spec = await this.#specOf(version);
    if (spec === undefined) return undefined;
    const { tasks, podDefaults, id, owner, tags, bundle } = spec;
    const dag = { id, tags, ...(owner === undefined ? {} : { owner }) };
    const read = readByScheduler(spec);
    const byId = new Map(tasks.map(task => [task.id, { task, podDefaults, dag, bundle, isRead: read.has(task.id) }]));
    if (this.#byVersion.size >= MOST_VERSIONS) this.#byVersion.clear();
    this.#byVersion.set(version, byId);
    return byId;
  }
}
