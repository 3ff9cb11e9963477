import type { RunBarReply } from "#contract/dag-line.ts";
import { instantField, toInstant } from "#contract/instant.ts";
import type { RunLineReply } from "#contract/overview.ts";
import type { RunLine } from "./run-lines.ts";

export const lineReply = ({ id, dagId, state, kind, createdAt, startedAt, endedAt, logicalAt }: RunLine): RunLineReply => ({
  id,
  dagId,
  state,
  kind,
  createdAt: toInstant(createdAt),
  ...instantField("startedAt", startedAt),
  ...instantField("endedAt", endedAt),
  ...instantField("logicalAt", logicalAt),
});

export const barReply = ({ id, state, kind, createdAt, startedAt, endedAt }: RunLine): RunBarReply => ({
  id,
  state,
  kind,
  at: toInstant(startedAt ?? createdAt),
  ...(startedAt === undefined || endedAt === undefined ? {} : { tookMs: endedAt - startedAt }),
});
