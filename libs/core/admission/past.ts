import type { Graph } from "../graph.ts";
import { specIdOf } from "../instance-id.ts";
import { isFinal, isRunFinal, type Run, type RunHeader, type TaskState } from "../run.ts";
import type { Demand } from "./ticket.ts";

/** Where a run stands among the runs of its DAG: by what it stands for, else by its creation. */
const orderOfRun = ({ logicalAt, createdAt }: Pick<RunHeader, "logicalAt" | "createdAt">): number => logicalAt ?? createdAt;

interface PastRun {
  run: Run;
  /** Undefined: it has ended, and what has no record was not in it. */
  graph: Graph | undefined;
}

/** A task of an earlier run that has not ended well. */
export interface PastBlock {
  runId: string;
  taskId: string;
  state: TaskState;
}

/** The runs of one DAG in their order: those that live, and of each the one before it. */
export class Past {
  readonly #runs: PastRun[] = [];

  /** Takes the run's place in the order, or what has become of it. @returns the run after it, if this one is new */
  see(run: Run, graph: Graph | undefined): Run | undefined {
    const place = this.#placeOf(run);
    const known = this.#runs[place];
    if (known?.run.id === run.id) {
      this.#runs[place] = { run, graph };
      return undefined;
    }
    this.#runs.splice(place, 0, { run, graph });
    return this.#runs[place + 1]?.run;
  }

  get isEmpty(): boolean {
    return this.#runs.length === 0;
  }

  /** Drops the runs that have ended and that no live run follows. @returns their ids */
  prune(): string[] {
    const isKept = ({ run }: PastRun, i: number): boolean => {
      const next = this.#runs[i + 1]?.run;
      return !isRunFinal(run.state) || (next !== undefined && !isRunFinal(next.state));
    };
    const dropped = this.#runs.filter((one, i) => !isKept(one, i)).map(({ run }) => run.id);
    this.#runs.splice(0, this.#runs.length, ...this.#runs.filter(isKept));
    return dropped;
  }

  forget(runId: string): void {
    const place = this.#runs.findIndex(({ run }) => run.id === runId);
    if (place !== -1) this.#runs.splice(place, 1);
  }

  /** What of the run before keeps the task from going. */
  blockOf(run: RunHeader, taskId: string, graph: Graph, past: Demand["past"]): PastBlock | undefined {
    const before = this.#runs[this.#placeOf(run) - 1];
    if (before === undefined || past === undefined) return undefined;
    const ids = past === "task" ? [taskId] : [taskId, ...(graph.downstream.get(specIdOf(taskId)) ?? [])];
    for (const id of ids) {
      const state = stateIn(before, id);
      if (state !== undefined && state !== "success" && state !== "skipped") {
        return { runId: before.run.id, taskId: specIdOf(id), state };
      }
    }
    return undefined;
  }

  #placeOf(run: Pick<RunHeader, "id" | "logicalAt" | "createdAt">): number {
    let [low, high] = [0, this.#runs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (comesBefore(this.#runs[middle]!.run, run)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

type Placed = Pick<RunHeader, "id" | "logicalAt" | "createdAt">;

/** Whether `a` comes before `b`. Two runs of one instant: the one that was created first. */
export function comesBefore(a: Placed, b: Placed): boolean {
  if (orderOfRun(a) !== orderOfRun(b)) return orderOfRun(a) < orderOfRun(b);
  return a.createdAt === b.createdAt ? a.id < b.id : a.createdAt < b.createdAt;
}

/** Undefined: the run has no such task. */
function stateIn({ run, graph }: PastRun, taskId: string): TaskState | undefined {
  const own = run.tasks.get(taskId) ?? run.tasks.get(specIdOf(taskId));
  if (own !== undefined) return isRunFinal(run.state) && !isFinal(own.state) ? "failed" : own.state;
  return graph?.tasks.has(specIdOf(taskId)) === true ? "none" : undefined;
}
