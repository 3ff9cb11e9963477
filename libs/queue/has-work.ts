import type { RedisQueueBackend } from "bullmq";

const ANSWER_MS = 1_000;

/** Whether jobs wait and the queue gives them out: it is neither paused nor at its own limit. False when Redis does not say so within a second. */
export async function hasWork(backend: RedisQueueBackend): Promise<boolean> {
  const asked = Promise.all([backend.getCounts(["wait", "prioritized"]), backend.isMaxed(), backend.hasQueueMetaField("paused")]);
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(late.resolve, ANSWER_MS, undefined);
  const answer = await Promise.race([asked, late.promise])
    // A Redis that is away is no fault of the worker, which a restart could heal.
    .catch(() => undefined)
    .finally(() => clearTimeout(timer));
  if (answer === undefined) return false;
  const [counts, isMaxed, isPaused] = answer;
  return !isMaxed && !isPaused && counts.some(count => count > 0);
}
