import assert from "node:assert/strict";
import { Admission } from "#core/admission/admission.ts";
import type { Gate } from "#core/gate.ts";
import type { TaskState } from "#core/run.ts";
import type { World } from "../support/core/world.ts";

const HOLDING: ReadonlySet<TaskState> = new Set(["queued", "running", "up_for_retry", "restarting"]);

/** The admission of one leader after another, kept as the scheduler keeps it. */
export class LeaderGate implements Gate {
  #admission = new Admission();
  readonly #past = new Set<string>();

  admit(...asked: Parameters<Gate["admit"]>): boolean {
    return this.#admission.admit(...asked);
  }

  /** Another leader knows what the records say. */
  takeOver(world: World): void {
    this.#admission = new Admission();
    const { progress: _, ...stored } = world.run;
    this.#admission.remember({ ...stored, tasks: new Map(world.records) }, world.graph);
  }

  /** Tells the admission what has become of the tasks, and the run who may go now. */
  settle(world: World): void {
    this.#admission.remember(world.run, world.graph);
    this.#admission.settle({ run: world.run, graph: world.graph }, world.run.tasks.keys());
    for (let admitted = this.#admission.take(); admitted.length > 0; admitted = this.#admission.take()) {
      const at = world.now();
      world.apply(...admitted.map(({ taskId }) => ({ type: "task.admitted" as const, at, taskId })));
      this.#admission.settle({ run: world.run, graph: world.graph }, world.run.tasks.keys());
    }
  }

  /** BullMQ itself starts a job again whose Retry somebody pressed, or whose wait is over: it goes past every limit. */
  pass(taskId: string): void {
    this.#past.add(taskId);
  }

  /** No more than the DAG's maxActiveTasksPerRun, whoever leads. */
  check({ graph, records }: World): void {
    const holding = [...records].filter(([id, { state }]) => HOLDING.has(state) && !this.#past.has(id)).map(([id]) => id);
    const { maxActiveTasksPerRun = Number.POSITIVE_INFINITY } = graph.spec;
    assert.ok(holding.length <= maxActiveTasksPerRun, `${holding.join(", ")} at once, and ${maxActiveTasksPerRun} may be`);
  }
}
