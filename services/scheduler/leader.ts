import type { Redis } from "ioredis";
import { bundlePlace } from "#core/bundle-files.ts";
import { ADHOC_DAG } from "#core/dag-spec.ts";
import type { Run } from "#core/run.ts";
import type { NoticeQueue } from "#queue/notice-queue.ts";
import type { TaskQueues } from "#queue/task-queues.ts";
import type { Logger } from "#runtime/logger.ts";
import type { DagStore } from "#state/dag-store.ts";
import type { State } from "#state/state.ts";
import { Archivist } from "./archivist.ts";
import type { BundleFolders } from "./bundles/bundle-folders.ts";
import { BundleKeeper } from "./bundles/bundle-keeper.ts";
import { DagSources } from "./dag-source/dag-sources.ts";
import { DeadlineClock } from "./deadline-clock.ts";
import { followInbox, type InboxTopic } from "./inbox.ts";
import { LiveRuns } from "./live-runs.ts";
import { Outbox } from "./outbox.ts";
import { pastRun } from "./past-run.ts";
import { publisherOf } from "./publish-dags.ts";
import { Reconciler } from "./reconciler.ts";
import { RunClock } from "./run-clock.ts";
import { openRunStarters } from "./run-starters.ts";
import { RunStepper } from "./run-stepper.ts";

export interface LeaderDeps {
  state: State;
  queue: TaskQueues;
  notices: NoticeQueue;
  /** The connection that carries `state` and `queue`; its reconnects make memory doubtful. */
  redis: Redis;
  /** A connection of its own for blocking reads. */
  blocking: Redis;
  dagsDir: string;
  /** Where bundles are unpacked. */
  bundles: BundleFolders;
  reconcileMs: number;
  /** How long an ended run stays laid out. */
  archiveAfterMs: number;
  /** The youngest runs of a DAG that are kept. Absent: all, until their time is over. */
  keepRuns: number | undefined;
  now(): number;
  log: Logger;
  onLive(count: () => number): void;
  /** Every DAG file was read once. */
  onDagsRead(): void;
}

const INBOX_BATCH = 1_000;
const INBOX_WAIT_MS = 1_000;

/** The story of a term: read what is live, make good what nobody finished, then follow the inbox, the clock and the DAG files. */
export async function lead(deps: LeaderDeps, token: string, signal: AbortSignal): Promise<void> {
  const { state, queue, notices, redis, blocking, now, log } = deps;
  const term = new AbortController();
  const ended = AbortSignal.any([signal, term.signal]);

  const runs = new LiveRuns(
    version => state.dags.getSpec(version),
    run => pastRun(run, state.runs),
    live => deadlines.follow(live),
  );
  deps.onLive(() => runs.size);
  const outbox = new Outbox({ queues: queue, notices, assets: state.assets, store: state.leader, log });
  const deadlines = new DeadlineClock({
    marks: state.marks,
    liveRun: runId => runs.get(runId),
    send(orders) {
      outbox.put(orders);
      stepper.flush();
    },
    now,
    log,
  });
  const clock = new RunClock({
    now,
    onDue(runId) {
      const live = runs.get(runId);
      if (live) stepper.apply(live, [{ type: "run.timedOut", at: now() }]);
      stepper.flush();
    },
  });
  const parts = { runs, store: state.leader, queue, outbox, now, log };
  const starters = openRunStarters({ state, runs, ask: (file, questions) => source.ask(file, questions), token, now, log });
  const onRunEnded = (run: Run) => starters.runEnded(run);
  const stepper = new RunStepper({ ...parts, clock, token, onRunEnded, onNotLeader: () => term.abort() });
  const reconciler = new Reconciler({ ...parts, stepper });
  // Pools first: whoever waits has to be known by what he waits for.
  runs.admission.setPools(await state.pools.listPools(), []);
  await reconciler.pass({ all: true });
  log.info({ event: "leader.ready", liveRuns: runs.size });

  const source = new DagSources({
    dir: deps.dagsDir,
    publish: publisherOf(state, () => starters.look("dags"), now, log),
    onLoaded: file => starters.fileLoaded(file),
    signal: ended,
    log,
  });
  const bundles = new BundleKeeper({
    store: state.bundles,
    dags: state.dags,
    folders: deps.bundles,
    sources: source,
    now,
    log,
    signal: ended,
  });
  void Promise.all([source.ready, bundles.look()])
    .then(() => removeLeftOvers(state, source, now, log))
    .then(deps.onDagsRead)
    .catch(err => log.warn({ event: "dag.cleanupFailed", err }));
  const compare = async () => {
    runs.admission.setPools(await state.pools.listPools(), runs.inOrder());
    await reconciler.pass();
  };
  const { archiveAfterMs, keepRuns } = deps;
  const dagIds = () => idsOfDags(state.dags);
  const archivist = new Archivist({ store: state.leader, dags: state.dags, dagIds, token, archiveAfterMs, keepRuns, now, log });
  archivist.start();
  const stopReconciling = repeat(compare, deps.reconcileMs, redis, log);
  starters.start();

  const take = () => state.leader.takeInbox(blocking, INBOX_BATCH, INBOX_WAIT_MS);
  const inbox = {
    take,
    runs,
    stepper,
    pools: () => state.pools.listPools(),
    look: (topic: InboxTopic) => (topic === "bundles" ? void bundles.look() : starters.look(topic)),
    log,
  };
  try {
    await followInbox(inbox, ended);
  } finally {
    clock.stop();
    await bundles.stop();
    await Promise.all([deadlines.stop(), starters.stop(), source.close(), archivist.stop(), stopReconciling()]);
    await stepper.settled();
  }
}

/** Whatever may have runs. */
async function idsOfDags(dags: DagStore): Promise<string[]> {
  const rows = await Promise.all([dags.listDags(), dags.listRemovedDags()]);
  return [...new Set([ADHOC_DAG, ...rows.flat().map(({ id }) => id)])];
}

/** A DAG file that was deleted while no leader watched takes its DAGs with it now. */
async function removeLeftOvers(
  { dags, bundles }: Pick<State, "dags" | "bundles">,
  source: DagSources,
  now: () => number,
  log: Logger,
): Promise<void> {
  const files = new Set(source.files());
  const sent = new Set((await bundles.list()).map(({ name }) => name));
  // A bundle that could not be unpacked takes no DAG with it.
  const isUnread = (file: string): boolean => {
    const bundle = bundlePlace(file)?.bundle;
    return bundle !== undefined && sent.has(bundle) && !source.hasBundle(bundle);
  };
  for (const { id, file } of await dags.listDags()) {
    if (files.has(file) || isUnread(file)) continue;
    await dags.removeDag(id, now());
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
