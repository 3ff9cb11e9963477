import type { Redis } from "ioredis";
import { isFinal, type Run, type TaskRun, taskOf } from "#core/run.ts";
import { classify, type Observation } from "#kube/classify.ts";
import { KEY_ANNOTATION } from "#kube/manifest.ts";
import type { Pod } from "#kube/pod.ts";
import type { Logger } from "#runtime/logger.ts";
import type { RunStore } from "#state/run-store.ts";
import { finishPod } from "./finish-pod.ts";
import { LogTail } from "./log-tail.ts";
import { type PodKey, readPodKey } from "./pod-key.ts";
import type { PodOperatorDeps } from "./pod-operator.ts";

export interface JanitorDeps extends PodOperatorDeps {
  runs: Pick<RunStore, "getRun">;
  redis: Redis;
  prefix: string;
  /** Time between two sweeps of all workers together. */
  everyMs: number;
  /** The worker that held the try has this long for the log and the pod; after that it is presumed dead. */
  patienceMs: number;
  log: Logger;
}

/** The right to sweep ends a little before the next sweep: the timers of two workers are never exactly apart. */
const TURN_SHARE = 0.95;

/**
 * Looks after pods that ended and stayed: their worker died before it could, or the site keeps pods for a while. It reads the
 * watch that the worker has anyway; of all workers one sweeps at a time.
 */
export class Janitor {
  readonly #deps: JanitorDeps;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> = Promise.resolve();

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
    const { redis, prefix, reflectors, everyMs, log } = this.#deps;
    const turnMs = Math.ceil(everyMs * TURN_SHARE);
    if ((await redis.set(`${prefix}:janitor`, String(process.pid), "PX", turnMs, "NX")) === null) return;
    for (const reflector of reflectors.all()) {
      for (const pod of reflector.pods()) {
        const key = readPodKey(pod.metadata.annotations?.[KEY_ANNOTATION]);
        if (key === undefined || !(await this.#isDue(pod, key))) continue;
        log.info({ event: "pod.swept", pod: pod.metadata.name });
        await this.#finish(pod, key).catch(err => log.warn({ event: "janitor.podFailed", pod: pod.metadata.name, err }));
      }
    }
  }

  async #isDue(pod: Pod, key: PodKey): Promise<boolean> {
    const { runs, keep, patienceMs, now } = this.#deps;
    const seen = classify(pod);
    if (seen.outcome === undefined || pod.metadata.deletionTimestamp !== undefined) return false;
    const keepMs = Math.max(seen.outcome.result === "success" ? keep.succeededMs : keep.failedMs, patienceMs);
    const endedAt = seen.endedAt || Date.parse(pod.metadata.creationTimestamp ?? "");
    if (now() - endedAt < keepMs) return false;
    const run = await runs.getRun(key.runId);
    return run === undefined || isOver(run, key);
  }

  async #finish(pod: Pod, key: PodKey): Promise<void> {
    const { kube, logs } = this.#deps;
    const last: Observation = classify(pod);
    const tail = new LogTail({
      kube,
      store: (await this.#unfinished(key)) ? logs : undefined,
      tryRun: { ...key, task: { id: key.taskId } },
      pod,
    });
    await finishPod({ kube, tail, outcome: last.outcome!, last, deleted: false, keepMs: 0 });
  }

  /** Whether the try's log was left in the middle, or not begun. */
  async #unfinished(key: PodKey): Promise<boolean> {
    const known = await this.#deps.logs?.list(key.runId, key.taskId);
    return !known?.some(log => log.try === key.try && log.infra === key.infra && log.ended);
  }
}

/** The record is past this try: no worker needs the pod any more. */
function isOver(run: Run, key: PodKey): boolean {
  const task: TaskRun = taskOf(run, key.taskId);
  if (task.try !== key.try) return task.try > key.try;
  return isFinal(task.state) || task.state === "up_for_retry" || task.infra > key.infra;
}
