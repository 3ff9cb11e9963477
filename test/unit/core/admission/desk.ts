import { Admission, type Admitted } from "#core/admission/admission.ts";
import { DagSpec, type DagSpecInput } from "#core/dag-spec.ts";
import { type Graph, indexDag } from "#core/graph.ts";
import { specIdOf } from "#core/instance-id.ts";
import type { Pool } from "#core/pool.ts";
import { newRun, type Run, type RunHeader, type TaskRun, type TaskState } from "#core/run.ts";

export const poolOf = (name: string, slots: number, more: Partial<Pool> = {}): Pool => ({ name, slots, ...more });

export const stateOf = (state: TaskState, more: Partial<TaskRun> = {}): TaskRun => ({
  state,
  gen: 1,
  try: 1,
  epoch: 1,
  infra: 0,
  ...more,
});

/** An admission with its keeper: runs in memory that a test moves by hand, as a leader's steps would. */
export class Desk {
  readonly admission = new Admission();
  readonly runs = new Map<string, { run: Run; graph: Graph }>();
  #created = 0;

  constructor(...pools: Pool[]) {
    this.admission.setPools(pools, []);
  }

  /** Remembers a run of the DAG; `<dag>~<name>` is its id. */
  run(name: string, dag: DagSpecInput, tasks: Record<string, TaskRun> = {}, more: Partial<RunHeader> = {}): Run {
    const graph = indexDag(DagSpec.parse(dag));
    const header = { dagId: dag.id, version: "v", trigger: { kind: "manual" as const }, conf: {}, createdAt: ++this.#created };
    const run: Run = {
      ...newRun({ ...header, id: `${dag.id}~${name}`, ...more }),
      state: "running",
      tasks: new Map(Object.entries(tasks)),
    };
    this.runs.set(run.id, { run, graph });
    this.admission.remember(run, graph);
    return run;
  }

  /** Asks for the task as a step would, and writes what follows. */
  ask(runId: string, taskId: string, at: number): boolean {
    const { run, graph } = this.runs.get(runId)!;
    const isAdmitted = this.admission.admit(run, taskId, graph.tasks.get(specIdOf(taskId))!, at);
    this.move(runId, taskId, isAdmitted ? "queued" : "scheduled", { readyAt: at });
    return isAdmitted;
  }

  move(runId: string, taskId: string, state: TaskState, more: Partial<TaskRun> = {}): void {
    const known = this.runs.get(runId)!;
    const tasks = new Map(known.run.tasks).set(taskId, stateOf(state, more));
    known.run = { ...known.run, tasks };
    this.admission.settle(known, [taskId]);
  }

  /** Starts who may go now; says whom, as `<run> <task>`. */
  take(): string[] {
    const admitted = this.admission.take();
    for (const { runId, taskId } of admitted) this.move(runId, taskId, "queued");
    return admitted.map(inWords);
  }

  /** Ends the task, and starts who may go then. */
  end(runId: string, taskId: string, state: TaskState = "success"): string[] {
    this.move(runId, taskId, state);
    return this.take();
  }

  endRun(runId: string, state: Run["state"] = "success"): string[] {
    const { run } = this.runs.get(runId)!;
    this.runs.delete(runId);
    this.admission.forget(runId, { ...run, state });
    return this.take();
  }

  why(runId: string, taskId: string): string[] {
    return this.admission.reasons(runId, taskId).map(({ sentence }) => sentence);
  }
}

const inWords = ({ runId, taskId }: Admitted): string => `${runId} ${taskId}`;
