import type { Redis } from "ioredis";
import type { TaskQueue } from "#queue/task-queue.ts";
import type { Logger } from "#runtime/logger.ts";
import type { DagStore } from "#state/dag-store.ts";
import type { State } from "#state/state.ts";
import { type DagSource, startDagSource } from "./dag-source/dag-source.ts";
import { followInbox } from "./inbox.ts";
import { LiveRuns } from "./live-runs.ts";
import { publisherOf } from "./publish-dags.ts";
import { Reconciler } from "./reconciler.ts";
import { RunStepper } from "./run-stepper.ts";
import { type ScheduledDag, Ticker } from "./ticker.ts";

export interface LeaderDeps {
  state: State;
  queue: TaskQueue;
  /** The connection that carries `state` and `queue`; its reconnects make memory doubtful. */
  redis: Redis;
  /** A connection of its own for blocking reads. */
  blocking: Redis;
  dagsDir: string;
  reconcileMs: number;
  now(): number;
  log: Logger;
  onLive(count: () => number): void;
}

const INBOX_BATCH = 1_000;
const INBOX_WAIT_MS = 1_000;

/** The story of a term: read what is live, make good what nobody finished, then follow the inbox, the clock and the DAG files. */
export async function lead(deps: LeaderDeps, token: string, signal: AbortSignal): Promise<void> {
  const { state, queue, redis, blocking, now, log } = deps;
  const term = new AbortController();
  const ended = AbortSignal.any([signal, term.signal]);

  const runs = new LiveRuns(version => state.dags.getSpec(version));
  deps.onLive(() => runs.size);
  const stepper = new RunStepper({ runs, store: state.leader, queue, token, now, log, onNotLeader: () => term.abort() });
  const reconciler = new Reconciler({ store: state.leader, queue, runs, stepper, now, log });
  await reconciler.pass({ all: true });
  log.info({ event: "leader.ready", liveRuns: runs.size });

  const ticker = new Ticker({
    dags: () => scheduledDags(state.dags),
    lastTicks: () => state.dags.lastTicks(),
    setLastTick: (dagId, at) => state.dags.setLastTick(dagId, at),
    createRun: header => state.runs.createRun(header),
    now,
    log,
  });
  const source = startDagSource({ dir: deps.dagsDir, publish: publisherOf(state.dags, ticker, now, log), signal: ended, log });
  void source.ready
    .then(() => removeLeftOvers(state.dags, source, log))
    .catch(err => log.warn({ event: "dag.cleanupFailed", err }));
  const stopReconciling = repeat(() => reconciler.pass(), deps.reconcileMs, redis, log);
  ticker.wake();

  await followInbox({ take: () => state.leader.takeInbox(blocking, INBOX_BATCH, INBOX_WAIT_MS), runs, stepper, log }, ended);

  await Promise.all([ticker.stop(), source.close(), stopReconciling()]);
  await stepper.settled();
}

async function scheduledDags(dags: DagStore): Promise<ScheduledDag[]> {
  const rows = (await dags.listDags()).filter(row => row.schedule !== undefined);
  const specs = await Promise.all(rows.map(row => dags.getSpec(row.version)));
  return rows.flatMap(({ version, paused }, i) => (specs[i] ? [{ spec: specs[i], version, paused }] : []));
}

/** A DAG file that was deleted while no leader watched takes its DAGs with it now. */
async function removeLeftOvers(dags: DagStore, source: DagSource, log: Logger): Promise<void> {
  const files = new Set(source.files());
  for (const { id, file } of await dags.listDags()) {
    if (files.has(file)) continue;
    await dags.removeDag(id);
    log.info({ event: "dag.removed", dagId: id, file });
  }
}

/** Runs `pass` every `everyMs` and after each reconnect, one at a time. Returns a function that stops it. */
function repeat(pass: () => Promise<void>, everyMs: number, redis: Redis, log: Logger): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  const once = () => {
    running = running.then(pass).catch(error => log.warn({ event: "reconcile.failed", err: error }));
  };
  const timer = setInterval(once, everyMs);
  redis.on("ready", once);
  return () => {
    clearInterval(timer);
    redis.off("ready", once);
    return running;
  };
}
