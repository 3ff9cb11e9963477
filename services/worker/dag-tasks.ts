import type { DagSpec } from "#core/dag-spec.ts";
import type { PodPatch } from "#core/pod/pod-patch.ts";
import type { TaskSpec } from "#core/task-spec.ts";

/** A task with what its DAG says about every pod. */
export interface DagTask {
  task: TaskSpec;
  podDefaults: PodPatch | undefined;
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

  async find(version: string, taskId: string): Promise<DagTask | undefined> {
    const known = this.#byVersion.get(version);
    if (known !== undefined) return known.get(taskId);
    const spec = await this.#specOf(version);
    if (spec === undefined) return undefined;
    const { tasks, podDefaults } = spec;
    const byId = new Map(tasks.map(task => [task.id, { task, podDefaults }]));
    if (this.#byVersion.size >= MOST_VERSIONS) this.#byVersion.clear();
    this.#byVersion.set(version, byId);
    return byId.get(taskId);
  }
}
