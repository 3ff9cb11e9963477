import { readByScheduler } from "#core/graph.ts";
import { jobId } from "#core/ids.ts";
import { specIdOf } from "#core/instance-id.ts";
import { isLive, isRunFinal } from "#core/run.ts";
import type { HeldJob, JobEnd } from "#queue/held-job.ts";
import type { Job, LocalRun } from "#testing/local-run.ts";
import type { DagTask } from "../../worker/dag-tasks.ts";
import { type JobDeps, runJob } from "../../worker/run-job.ts";

export interface JobRunnerDeps extends Omit<JobDeps, "taskOf"> {
  run: LocalRun;
  /** At most so many tries at once. */
  parallel: number;
  /** How long a retry or a look waits that should wait so long. */
  delay(ms: number): number;
}

/** The queue and the worker of one run, in this process: jobs come in, tries are carried out by the workers' own code, and wait for their next one. */
export class JobRunner {
  readonly #deps: JobRunnerDeps;
  readonly #tasks: ReadonlySet<string>;
  readonly #waiting: Job[] = [];
  readonly #held = new Map<string, AbortController>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #done = Promise.withResolvers<void>();

  constructor(deps: JobRunnerDeps) {
    this.#deps = deps;
    this.#tasks = readByScheduler(deps.run.graph.spec);
  }

  /** Resolves when the run has ended and nothing is held any more; rejects with a defect. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  put(job: Job): void {
    this.#waiting.push(job);
    this.#startNext();
  }

  /** The task's holder has to let go. */
  stop(taskId: string): void {
    this.#held.get(taskId)?.abort("cancel");
  }

  /** To be called after the run has moved otherwise than by a job. */
  settle(): void {
    if (!isRunFinal(this.#deps.run.run.state) || this.#held.size > 0) return;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#done.resolve();
  }

  #startNext(): void {
    while (this.#held.size < this.#deps.parallel) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      const { state, gen } = this.#deps.run.task(job.taskId);
      // Cancelled meanwhile.
      if (gen !== job.gen || !isLive(state)) continue;
      void this.#work(job).catch(error => this.#done.reject(error));
    }
  }

  async #work(job: Job): Promise<void> {
    const { taskId } = job;
    const stop = new AbortController();
    this.#held.set(taskId, stop);
    let end: JobEnd;
    try {
      end = await runJob(this.#heldJob(job), stop.signal, { ...this.#deps, taskOf: async (_version, id) => this.#taskOf(id) });
    } finally {
      this.#held.delete(taskId);
    }
    if (end.type === "retry" || end.type === "defer") this.#putLater(job, end.delayMs ?? 0);
    this.#startNext();
    this.settle();
  }

  #putLater(job: Job, delayMs: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (!isRunFinal(this.#deps.run.run.state)) this.put(job);
    }, this.#deps.delay(delayMs));
    this.#timers.add(timer);
  }

  #heldJob({ taskId, gen, tryBase }: Job): HeldJob {
    const { id: run, dagId: dag, version } = this.#deps.run.run;
    const task = this.#deps.run.task(taskId);
    const goesOn = task.state === "restarting" || task.state === "deferred";
    return {
      id: jobId(run, taskId, gen),
      data: { dag, run, task: taskId, gen, version, tryBase },
      try: goesOn ? task.try : task.try + 1,
      epoch: task.epoch + 1,
      progress: async () => {},
      log: async () => {},
    };
  }

  #taskOf(taskId: string): DagTask | undefined {
    const { run } = this.#deps;
    const { id, owner, tags, podDefaults, bundle } = run.graph.spec;
    const task = run.spec(taskId);
    const dag = { id, tags, ...(owner === undefined ? {} : { owner }) };
    return task && { task, podDefaults, dag, bundle, isRead: this.#tasks.has(specIdOf(taskId)) };
  }
}
