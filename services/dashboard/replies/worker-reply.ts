import { toInstant } from "#contract/instant.ts";
import type { WorkerListReply } from "#contract/worker.ts";
import type { WorkerRow } from "#state/claim-store.ts";

export const workerReply = ({ at, startedAt, ...row }: WorkerRow): WorkerListReply["workers"][number] => ({
  ...row,
  startedAt: toInstant(startedAt),
  heartbeatAt: toInstant(at),
});
