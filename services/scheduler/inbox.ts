import type { Pool } from "#core/pool.ts";
import { newRun } from "#core/run.ts";
import type { RunEvent } from "#core/step.ts";
import type { Logger } from "#runtime/logger.ts";
import type { InboxEntry } from "#state/inbox-entry.ts";
import type { LiveRuns } from "./live-runs.ts";
import type { StarterTopic } from "./run-starters.ts";
import type { RunStepper } from "./run-stepper.ts";

export type InboxTopic = StarterTopic | "bundles";

export interface InboxDeps {
  /** Waits for entries, at most about a second; takes many at once. */
  take(): Promise<InboxEntry[]>;
  runs: LiveRuns;
  stepper: RunStepper;
  /** The pools as they are now. */
  pools(): Promise<readonly Pool[]>;
  /** Something has changed that may ask for runs, or for DAGs. */
  look(topic: InboxTopic): void;
  log: Logger;
}

/** Sleeps after Redis failed, so that an outage is not answered with a spin. */
const AWAY_PAUSE_MS = 200;

/** The leader's main loop: what happened since the last look, folded run by run, one commit each. */
export async function followInbox(deps: InboxDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let entries: InboxEntry[];
    try {
      entries = await deps.take();
    } catch (error) {
      deps.log.warn({ event: "inbox.unreachable", err: error });
      await new Promise(resolve => setTimeout(resolve, AWAY_PAUSE_MS));
      continue;
    }
    if (entries.length > 0) await digest(entries, deps);
  }
}

async function digest(entries: readonly InboxEntry[], { runs, stepper, pools, look, log }: InboxDeps): Promise<void> {
  const events = new Map<string, RunEvent[]>();
  const add = (runId: string, event: RunEvent) => {
    const list = events.get(runId);
    if (list) list.push(event);
    else events.set(runId, [event]);
  };
  const knowsWhy = (runId: string): boolean =>
    runs.get(runId)?.run.cancelAt !== undefined ||
    runs.get(runId)?.run.acts !== undefined ||
    events.get(runId)?.some(({ type }) => type === "run.cancelRequested") === true;
  const toAdmit = new Set<string>();
  const toReload = new Set<string>();
  const topics = new Set<InboxTopic>();
  let poolsChanged = false;
  for (const entry of entries) {
    switch (entry.type) {
      case "created":
        if (runs.get(entry.runId)) break;
        if (await runs.remember(newRun(entry.header))) toAdmit.add(entry.header.dagId);
        else log.error({ event: "run.specMissing", runId: entry.runId, version: entry.header.version });
        break;
      case "ended":
        // Only a person makes a worker cancel a task. Whoever does not know why would take the task for a failed one.
        if (entry.task.state === "cancelled" && !knowsWhy(entry.runId)) await stepper.reload(entry.runId);
        add(entry.runId, { type: "task.ended", at: entry.at, taskId: entry.taskId, task: entry.task });
        break;
      case "reopened":
        if (!runs.get(entry.runId)) await stepper.reload(entry.runId);
        add(entry.runId, { type: "task.reopened", at: entry.at, taskId: entry.taskId, task: entry.task });
        break;
      case "cancel":
        add(entry.runId, { type: "run.cancelRequested", at: entry.at });
        break;
      case "act":
        // What is to be done is in the record, beside how the run stands.
        toReload.add(entry.runId);
        break;
      case "pools":
        poolsChanged = true;
        break;
      case "dags":
      case "assets":
      case "backfills":
      case "bundles":
        topics.add(entry.type);
        break;
      default:
        entry satisfies never;
    }
  }
  if (poolsChanged) runs.admission.setPools(await pools(), runs.inOrder());
  for (const topic of topics) look(topic);
  for (const dagId of toAdmit) stepper.admit(dagId);
  for (const [runId, list] of events) {
    const live = runs.get(runId);
    // A run that has ended, or one whose creation this leader has not seen: the reconcile knows better than a message.
    if (live) stepper.apply(live, list);
  }
  for (const runId of toReload) await stepper.reload(runId);
  stepper.flush();
}
