import { DEFAULT_QUEUE } from "#core/queue-name.ts";
import type { JobOrder } from "./job-order.ts";
import { type JobState, openTaskQueue, type TaskQueue, type TaskQueueOptions } from "./task-queue.ts";

/** A job and the queue that it is in. */
export interface JobPlace {
  jobId: string;
  /** Absent: the usual one. */
  queue?: string | undefined;
}

/** All queues of an installation, each opened when it is first named. */
export interface TaskQueues {
  of(name?: string): TaskQueue;
  /** Puts each job into its queue. Sends its commands at once. Throws like {@link TaskQueue.add}. */
  add(orders: readonly JobOrder[]): Promise<void>;
  remove(place: JobPlace): ReturnType<TaskQueue["remove"]>;
  /** Starts a job now that waits for its delay. false: it does not wait for one. */
  promote(place: JobPlace): Promise<boolean>;
  /** By job id. */
  states(places: readonly JobPlace[]): Promise<Map<string, JobState>>;
  close(): Promise<void>;
}

export interface TaskQueuesOptions extends Omit<TaskQueueOptions, "name"> {
  /** Hears of every queue that is named for the first time. */
  onOpened?: (name: string) => void;
}

export function openTaskQueues({ onOpened, ...options }: TaskQueuesOptions): TaskQueues {
  const queues = new Map<string, TaskQueue>();
  const of = (name = DEFAULT_QUEUE): TaskQueue => {
    const known = queues.get(name);
    if (known !== undefined) return known;
    const opened = openTaskQueue({ ...options, name });
    queues.set(name, opened);
    onOpened?.(name);
    return opened;
  };
  return {
    of,

    // Not async up to the commands: they have to be on their way when this returns.
    add(orders) {
      const adding = [...byQueue(orders)].map(([name, own]) => of(name).add(own));
      return Promise.all(adding).then(() => undefined);
    },

    remove: ({ jobId, queue }) => of(queue).remove(jobId),
    promote: ({ jobId, queue }) => of(queue).promote(jobId),

    async states(places) {
      const asked = [...byQueue(places)].map(([name, own]) => of(name).states(own.map(({ jobId }) => jobId)));
      return new Map((await Promise.all(asked)).flatMap(states => [...states]));
    },

    async close() {
      await Promise.all([...queues.values()].map(queue => queue.close()));
    },
  };
}

function byQueue<T extends { queue?: string | undefined }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const { queue = DEFAULT_QUEUE } = item;
    const group = groups.get(queue);
    if (group) group.push(item);
    else groups.set(queue, [item]);
  }
  return groups;
}
