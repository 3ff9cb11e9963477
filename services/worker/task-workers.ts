import { openTaskWorker, type TaskWorker, type TaskWorkerOptions } from "#queue/task-worker.ts";
import type { WorkerQueue } from "./worker-queues.ts";

/** A worker's side of several queues. */
export interface TaskWorkers extends TaskWorker {
  /** How many jobs of each queue it holds, of how many. */
  load(): { name: string; concurrency: number; held: number }[];
}

/** Takes from each queue as many jobs as it names. */
export function openTaskWorkers(
  queues: readonly WorkerQueue[],
  options: Omit<TaskWorkerOptions, "name" | "concurrency">,
): TaskWorkers {
  const workers = queues.map(({ name, concurrency }) => ({
    name,
    concurrency,
    worker: openTaskWorker({ ...options, name, concurrency }),
  }));
  const all = <T>(call: (worker: TaskWorker) => Promise<T>): Promise<T[]> =>
    Promise.all(workers.map(({ worker }) => call(worker)));
  return {
    run: async () => void (await all(worker => worker.run())),
    drain: async () => void (await all(worker => worker.drain())),
    close: async () => void (await all(worker => worker.close())),
    abort: (jobId, reason) => workers.some(({ worker }) => worker.abort(jobId, reason)),
    held: () => workers.flatMap(({ worker }) => worker.held()),
    isHealthy: async () => (await all(worker => worker.isHealthy())).every(healthy => healthy),
    load: () => workers.map(({ name, concurrency, worker }) => ({ name, concurrency, held: worker.held().length })),
  };
}
