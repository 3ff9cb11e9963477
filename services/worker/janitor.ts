import type { Redis } from "ioredis";
import { keepMs } from "#core/after-end.ts";
import { isFinal, type Run, type TaskRun, taskOf } from "#core/run.ts";
import { classify, type Observation } from "#kube/classify.ts";
import { KEY_ANNOTATION } from "#kube/manifest.ts";
import type { Pod } from "#kube/pod.ts";
import { readAfterEnd } from "#kube/pod-notes.ts";
import type { Logger } from "#runtime/logger.ts";
import type { RunStore } from "#state/run-store.ts";
import { finishPod } from "./finish-pod.ts";
import { type PodKey, readPodKey } from "./pod-key.ts";
import { PodLogs } from "./pod-logs.ts";
import type { PodOperatorDeps } from "./pod-operator.ts";

export interface JanitorDeps extends PodOperatorDeps {
  runs: Pick<RunStore, "getRun">;
  redis: Redis;
  prefix: string;
  /** Absent: the workers' own. Each has a turn of its own. */
  cluster?: string;
  /** Time between two sweeps of all workers together. */
  everyMs: number;
  /** The worker that held the try has this long for the log and the pod; after that it is presumed dead. */
  patienceMs: number;
  log: Logger;
}

/** The right to sweep ends a little before the next sweep: the timers of two workers are never exactly apart. */
const TURN_SHARE = 0.95;

/** What a sweep does with a pod: store its log whole, that and delete it, only delete it, delete it while it runs, or nothing yet. */
type Due = "store" | "finish" | "delete" | "stop" | undefined;

/** Runs as they were when the sweep first asked for them: a thousand pods of one run cost one look. */
type RunLookup = (runId: string) => Promise<Run | undefined>;

/**
 * Looks after pods that nobody waits for: those that ended and stayed, because their worker died or because they are kept for a
 * while, and those that still run although their try is over in the record. Those of a run that nobody knows it leaves alone: they
 * may be the only copy of the work. It reads the watch that the worker has anyway; of all workers one sweeps at a time.
 */
export class Janitor {
  readonly #deps: JanitorDeps;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();
  /** Uids of kept pods whose logs are whole. */
  #stored = new Set<string>();

  constructor(deps: JanitorDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#timer = setInterval(() => {
      this.#sweeping = this.#sweeping
        .then(() => this.sweep())
        .catch(err => this.#deps.log.warn({ event: "janitor.failed", err }));
    }, this.#deps.everyMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping;
  }

  /** Finishes every pod whose time is up. */
  async sweep(): Promise<void> {
    const { redis, prefix, cluster, reflectors, everyMs, log } = this.#deps;
    const turnMs = Math.ceil(everyMs * TURN_SHARE);
    const turn = cluster === undefined ? `${prefix}:janitor` : `${prefix}:janitor:${cluster}`;
    if ((await redis.set(turn, String(process.pid), "PX", turnMs, "NX")) === null) return;
    const pods = [...reflectors.all()].flatMap(reflector => [...reflector.pods()]);
    this.#stored = this.#stored.intersection(new Set(pods.map(({ metadata: { uid } }) => uid)));
    const runOf = this.#lookup();
    for (const pod of pods) {
      const key = readPodKey(pod.metadata.annotations?.[KEY_ANNOTATION]);
      if (key === undefined) continue;
      await this.#lookAfter(pod, key, runOf).catch(err => log.warn({ event: "janitor.podFailed", pod: pod.metadata.name, err }));
    }
  }

  #lookup(): RunLookup {
    const known = new Map<string, Promise<Run | undefined>>();
    return runId => {
      const run = known.get(runId) ?? this.#deps.runs.getRun(runId);
      known.set(runId, run);
      return run;
    };
  }

  async #lookAfter(pod: Pod, key: PodKey, runOf: RunLookup): Promise<void> {
    const { kube, log } = this.#deps;
    const due = await this.#dueOf(pod, key, runOf);
    if (due === undefined) return;
    const { namespace, name, uid } = pod.metadata;
    log.info({ event: due === "stop" ? "pod.orphanStopped" : "pod.swept", pod: name });
    // The end of an orphan is seen like any other: a later sweep stores its log if the pod is still there then.
    if (due === "stop" || due === "delete") return void (await kube.deletePod(namespace, name, { uid }));
    await this.#finish(pod, key, due === "store" ? Number.POSITIVE_INFINITY : 0);
    this.#stored.add(uid);
  }

  async #dueOf(pod: Pod, key: PodKey, runOf: RunLookup): Promise<Due> {
    const { keep, patienceMs, now } = this.#deps;
    const { uid, deletionTimestamp, creationTimestamp = "" } = pod.metadata;
    const seen = classify(pod);
    const wish = readAfterEnd(pod);
    const sinceMs = now() - (seen.endedAt || Date.parse(creationTimestamp));
    if (deletionTimestamp !== undefined || sinceMs < patienceMs) return undefined;
    if (seen.outcome === undefined) return wish.onKill === "keep" ? undefined : this.#isOrphan(key, runOf);
    const stays = sinceMs < keepMs(wish, seen.outcome.result === "success", keep);
    if (stays && this.#stored.has(uid)) return undefined;
    const run = await runOf(key.runId);
    // Nobody would ever remove a log that is written for it.
    if (run === undefined) return wish.keepForMs !== undefined && !stays ? "delete" : undefined;
    if (!isOver(run, key)) return undefined;
    return stays ? "store" : "finish";
  }

  /** A pod that runs although its try is over. */
  async #isOrphan(key: PodKey, runOf: RunLookup): Promise<Due> {
    const { patienceMs, now } = this.#deps;
    const run = await runOf(key.runId);
    if (run === undefined || !isOver(run, key)) return undefined;
    return now() - (taskOf(run, key.taskId).endedAt ?? 0) < patienceMs ? undefined : "stop";
  }

  async #finish(pod: Pod, key: PodKey, stayMs: number): Promise<void> {
    const { kube, logs: store, onError } = this.#deps;
    const last: Observation = classify(pod);
    const logs = new PodLogs({
      kube,
      store,
      tryRun: { ...key, task: { id: key.taskId } },
      pod,
      stored: await this.#storedLogs(key),
      onError,
    });
    await finishPod({ kube, logs, outcome: last.outcome!, last, deleted: false, keepMs: stayMs });
  }

  /** The containers whose logs are whole; the others' were left in the middle, or not begun. */
  async #storedLogs(key: PodKey): Promise<Set<string>> {
    const known = (await this.#deps.logs?.list(key.runId, key.taskId)) ?? [];
    const ended = known.filter(log => log.try === key.try && log.infra === key.infra && log.ended);
    return new Set(ended.map(({ container }) => container));
  }
}

/** The record is past this try: no worker needs the pod any more. */
function isOver(run: Run, key: PodKey): boolean {
  const task: TaskRun = taskOf(run, key.taskId);
  if (task.try !== key.try) return task.try > key.try;
  return isFinal(task.state) || task.state === "up_for_retry" || task.infra > key.infra;
}
