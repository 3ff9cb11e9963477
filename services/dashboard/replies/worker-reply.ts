import { toInstant } from "#contract/instant.ts";
import type { WorkerListReply } from "#contract/worker.ts";
import { DEFAULT_QUEUE } from "#core/queue-name.ts";
import type { WorkerRow } from "#state/claim-store.ts";

export const workerReply = ({ at, startedAt, queues, ...row }: WorkerRow): WorkerListReply["workers"][number] => ({
  ...row,
  queues: [...(queues ?? [{ name: DEFAULT_QUEUE, concurrency: row.concurrency, held: row.held }])],
  startedAt: toInstant(startedAt),
  heartbeatAt: toInstant(at),
});
