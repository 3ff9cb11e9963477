import { instantField } from "#contract/instant.ts";
import type { OverviewReply } from "#contract/overview.ts";
import { isFinal, type TaskState } from "#core/run.ts";
import type { Ports } from "../ports.ts";
import type { RunLine } from "./run-lines.ts";

/** How far a run is. */
export interface RunProgress {
  run: RunLine;
  /** Tasks of its DAG, without instances. */
  tasks: number;
  ended: number;
  failed: number;
}

const MOST = 100;
/** Counting the tasks of many runs costs: answers within this time are the same. */
const FRESH_MS = 1_000;
const REMEMBERED = 500;

/** What is known of runs that have not ended. */
export class RunsUnderWay {
  readonly #ports: Pick<Ports, "dags" | "runs" | "now">;
  readonly #progress = new Map<string, { readAt: number; counts: Omit<RunProgress, "run"> }>();
  /** Tasks that ask somebody, by version. */
  readonly #asking = new Map<string, readonly string[]>();

  constructor(ports: Pick<Ports, "dags" | "runs" | "now">) {
    this.#ports = ports;
  }

  /** Of the first hundred. */
  progress(runs: readonly RunLine[]): Promise<RunProgress[]> {
    return Promise.all(runs.slice(0, MOST).map(async run => ({ run, ...(await this.#countsOf(run)) })));
  }

  /** Tasks that wait for somebody's word. */
  async approvals(runs: readonly RunLine[]): Promise<OverviewReply["approvals"]> {
    const waiting = await Promise.all(
      runs.map(async ({ id, dagId, version }) => {
        const asking = await this.#askingTasks(version);
        const tasks = await Promise.all(
          asking.map(async taskId => ({ taskId, task: await this.#ports.runs.getTask(id, taskId) })),
        );
        return tasks
          .filter(({ task }) => task?.state === "deferred" || task?.state === "running")
          .map(({ taskId, task }) => ({ runId: id, dagId, taskId, ...instantField("sinceAt", task?.startedAt) }));
      }),
    );
    return waiting.flat();
  }

  async #countsOf({ id, version }: RunLine): Promise<Omit<RunProgress, "run">> {
    const now = this.#ports.now();
    const known = this.#progress.get(id);
    if (known !== undefined && now - known.readAt < FRESH_MS) return known.counts;
    const [run, spec] = await Promise.all([this.#ports.runs.getRun(id), this.#ports.dags.getSpec(version)]);
    const ids = spec?.tasks.map(task => task.id) ?? [];
    const states = ids.map((taskId): TaskState => run?.tasks.get(taskId)?.state ?? "none");
    const counts = {
      tasks: ids.length,
      ended: states.filter(isFinal).length,
      failed: states.filter(state => state === "failed").length,
    };
    this.#progress.set(id, { readAt: now, counts });
    if (this.#progress.size > REMEMBERED) this.#progress.delete(this.#progress.keys().next().value!);
    return counts;
  }

  async #askingTasks(version: string): Promise<readonly string[]> {
    const known = this.#asking.get(version);
    if (known !== undefined) return known;
    const spec = await this.#ports.dags.getSpec(version);
    const asking = spec?.tasks.filter(({ operator }) => operator === "approval").map(({ id }) => id) ?? [];
    this.#asking.set(version, asking);
    if (this.#asking.size > REMEMBERED) this.#asking.delete(this.#asking.keys().next().value!);
    return asking;
  }
}
