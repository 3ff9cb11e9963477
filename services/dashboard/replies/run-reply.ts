import { instantField, toInstant } from "#contract/instant.ts";
import type { RunReply } from "#contract/run.ts";
import type { RunSummary } from "#state/run-record.ts";
import { links } from "../links.ts";

export const runLinks = (runId: string): RunReply["links"] => ({
  self: links.run(runId),
  ui: links.runPage(runId),
  cancel: links.cancel(runId),
});

export const runReply = (run: RunSummary): RunReply => ({
  id: run.id,
  dagId: run.dagId,
  version: run.version,
  state: run.state,
  trigger: run.trigger,
  conf: { ...run.conf },
  createdAt: toInstant(run.createdAt),
  ...instantField("startedAt", run.startedAt),
  ...instantField("endedAt", run.endedAt),
  ...instantField("logicalAt", run.logicalAt),
  ...instantField("cancelAt", run.cancelAt),
  links: runLinks(run.id),
});
