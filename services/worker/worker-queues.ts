import { z } from "zod";
import { QueueName } from "#core/queue-name.ts";

/** A queue that a worker takes from, and how many of its jobs it holds at once. */
export interface WorkerQueue {
  name: string;
  concurrency: number;
}

const SHAPE = /^(?<name>[^:]+)(?::(?<concurrency>[1-9]\d{0,4}))?$/;

/**
 * "pods,gpu:20" → names, and where one is given, how many jobs at once. Each queue has its own number, so that waiting pods of one
 * never keep a worker from another.
 */
export const QueueList = z.string().transform((text, context): { name: string; concurrency?: number }[] => {
  const words = text.split(",").map(word => word.trim());
  const queues = words.map(word => SHAPE.exec(word)?.groups);
  const wrong = words.filter((_, i) => queues[i] === undefined || !QueueName.safeParse(queues[i].name).success);
  const names = queues.map(groups => groups?.name);
  if (wrong.length > 0 || new Set(names).size < names.length) {
    const what = wrong.length > 0 ? `"${wrong[0]}" is no queue` : "a queue is named twice";
    context.addIssue({ code: "custom", message: `${what}; write for example pods,gpu:20` });
    return z.NEVER;
  }
  return queues.map(groups => ({
    name: groups!.name!,
    ...(groups!.concurrency === undefined ? {} : { concurrency: Number(groups!.concurrency) }),
  }));
});
