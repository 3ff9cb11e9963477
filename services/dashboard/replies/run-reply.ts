import { instantField, toInstant } from "#contract/instant.ts";
import type { RunReply } from "#contract/run.ts";
import type { Trigger } from "#core/run.ts";
import type { RunSummary } from "#state/run-record.ts";
import { links } from "../links.ts";
import { assetReply } from "./asset-reply.ts";
import { intervalReply } from "./interval-reply.ts";

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
  trigger: triggerReply(run.trigger),
  conf: { ...run.conf },
  createdAt: toInstant(run.createdAt),
  ...instantField("startedAt", run.startedAt),
  ...instantField("endedAt", run.endedAt),
  ...instantField("logicalAt", run.logicalAt),
  ...(run.interval === undefined ? {} : { interval: intervalReply(run.interval) }),
  ...instantField("cancelAt", run.cancelAt),
  links: runLinks(run.id),
});

const triggerReply = ({ assets, ...trigger }: Trigger): RunReply["trigger"] => ({
  ...trigger,
  ...(assets === undefined ? {} : { assets: assets.map(assetReply) }),
});
