import type { Kube } from "./kube.ts";
import { KubeError, type NoAnswer, noAnswerFrom } from "./kube-error.ts";
import { LineSplitter } from "./line-splitter.ts";
import { type Pod, trimPod } from "./pod.ts";
import { PodCache } from "./pod-cache.ts";
import { type PodListener, PodListeners } from "./pod-listeners.ts";
import { sleepUntilAborted } from "./retry-budget.ts";
import { Sight } from "./sight.ts";

export interface ReflectorOptions {
  kube: Kube;
  namespace: string;
  labelSelector?: string;
  /** Hears of errors that were survived: failed lists and watches, and listeners that threw. */
  onError?: (error: unknown) => void;
  timing?: Partial<ReflectorTiming>;
}

export interface ReflectorTiming {
  /** The server ends a watch after this time to twice this time. Default 300 s. */
  watchMs: number;
  /** A watch that is silent this long is dead: bookmarks come every 60 s. Default 90 s. */
  idleMs: number;
  /** First and largest delay after an error; each is lengthened by up to its own length. Defaults 0.8 s and 30 s. */
  backoffMs: number;
  maxBackoffMs: number;
  /** After this long without an error the delays start small again. Default 2 min. */
  healthyMs: number;
  /** How often subscribed pods that are not in the cache are asked for by name. Default 60 s. */
  sweepMs: number;
  /** A pod may be missing from the cache this long before it is asked for. Default 10 s. */
  missingGraceMs: number;
}

export interface ReflectorStats {
  lists: number;
  watches: number;
  errors: number;
  synced: boolean;
  /** When the server last said anything. */
  lastEventAt: number | undefined;
  pods: number;
}

const TIMING: ReflectorTiming = {
  watchMs: 300_000,
  idleMs: 90_000,
  backoffMs: 800,
  maxBackoffMs: 30_000,
  healthyMs: 120_000,
  sweepMs: 60_000,
  missingGraceMs: 10_000,
};

/** The sweep asks for at most five pods a second. */
const SWEEP_PAUSE_MS = 200;
/** A watch that the server ends this soon without a word counts as an error: else it would be reopened hundreds of times a second. */
const HASTY_MS = 1_000;

interface WatchEvent {
  type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  object: Pod;
}

/**
 * Keeps the pods of a namespace and selector in memory: lists once, then watches, and survives whatever ends a watch.
 * Listeners are called in the same turn in which the event's bytes arrive.
 */
export class PodReflector {
  /** Resolves after the first complete list; rejects when it is stopped before. */
  readonly synced: Promise<void>;
  /** When the pods could be seen. */
  readonly sight = new Sight();
  readonly #options: ReflectorOptions;
  readonly #timing: ReflectorTiming;
  readonly #cache = new PodCache();
  readonly #listeners = new PodListeners(error => this.#fail(error));
  readonly #first = Promise.withResolvers<void>();
  /** Where the next watch goes on; "" means that a list is needed. Opaque: only stored and sent back. */
  #resourceVersion = "";
  #stats = { lists: 0, watches: 0, errors: 0, synced: false, lastEventAt: undefined as number | undefined };

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.synced = this.#first.promise;
    // Nobody has to wait for it; a rejection that nobody awaits must not end the process.
    this.synced.catch(() => undefined);
  }

  get stats(): ReflectorStats {
    return { ...this.#stats, pods: this.#cache.size };
  }

  /** The pod as last heard of. Absence proves nothing: only a GET does. */
  get(name: string): Pod | undefined {
    return this.#cache.byName(name);
  }

  /** Every pod as last heard of. */
  pods(): Iterable<Pod> {
    return this.#cache.all();
  }

  /**
   * Calls the listener on every change of the pod of that name, and soon with its present state if it is known.
   * The name may pass to another pod: compare the uid.
   * @returns ends the subscription
   */
  subscribe(name: string, listener: PodListener): () => void {
    return this.#listeners.add(name, listener, () => this.#cache.byName(name));
  }

  /** Lists and watches until the signal is aborted. */
  start(signal: AbortSignal): void {
    const ended = (error: unknown) => {
      if (!signal.aborted) this.#fail(error);
      this.#first.reject(error);
    };
    this.#run(signal).catch(ended);
    this.#sweepForEver(signal).catch(ended);
  }

  async #run(signal: AbortSignal): Promise<void> {
    let backoffMs = 0;
    for (;;) {
      const beganAt = Date.now();
      let failure: unknown;
      try {
        if (this.#resourceVersion === "") await this.#list(signal);
        const events = await this.#watch(signal);
        if (events > 0 || Date.now() - beganAt >= HASTY_MS) backoffMs = 0;
        else failure = KubeError.noAnswer("Network", "the watch was closed at once");
      } catch (error) {
        failure = error;
      }
      signal.throwIfAborted();
      if (failure === undefined) continue;
      this.#fail(failure);
      this.#loseSight(failure);
      if (failure instanceof KubeError && failure.isExpired) this.#resourceVersion = "";
      if (Date.now() - beganAt > this.#timing.healthyMs) backoffMs = 0;
      backoffMs = backoffMs === 0 ? this.#timing.backoffMs : Math.min(backoffMs * 2, this.#timing.maxBackoffMs);
      const retryAfterMs = (failure instanceof KubeError && failure.retryAfterMs) || 0;
      await sleepUntilAborted(Math.max(retryAfterMs, backoffMs * (1 + Math.random())), signal);
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    this.#stats.lists++;
    const { kube, namespace, labelSelector } = this.#options;
    const { pods, resourceVersion } = await kube.listPods(namespace, { labelSelector }, signal);
    this.#stats.lastEventAt = Date.now();
    this.sight.found(this.#stats.lastEventAt);
    const { gone, changed } = this.#cache.replace(pods);
    // First what ended: a name that passed to a new pod tells its story in order.
    for (const pod of gone) this.#confirmGone(pod, signal);
    for (const pod of changed) this.#listeners.tell(pod.metadata.name, { pod });
    this.#resourceVersion = resourceVersion;
    this.#stats.synced = true;
    this.#first.resolve();
  }

  /** @returns how many events came before the server ended the watch */
  async #watch(signal: AbortSignal): Promise<number> {
    this.#stats.watches++;
    const { kube, namespace, labelSelector } = this.#options;
    const abort = new AbortController();
    const stop = () => abort.abort(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    const idle = setTimeout(() => abort.abort(KubeError.noAnswer("Timeout", "the watch was silent")), this.#timing.idleMs);
    try {
      const timeoutSeconds = Math.max(1, Math.round((this.#timing.watchMs * (1 + Math.random())) / 1_000));
      const query = { labelSelector, resourceVersion: this.#resourceVersion, allowWatchBookmarks: true, timeoutSeconds };
      const body = await kube.watchPods(namespace, query, abort);
      this.sight.found(Date.now());
      return await this.#readEvents(body, idle, signal);
    } finally {
      clearTimeout(idle);
      signal.removeEventListener("abort", stop);
      abort.abort();
    }
  }

  /** Events are handled inside the stream's own `data` callback: an async iterator would add a turn to each. */
  #readEvents(body: NodeJS.ReadableStream, idle: NodeJS.Timeout, signal: AbortSignal): Promise<number> {
    const lines = new LineSplitter();
    let events = 0;
    return new Promise((resolve, reject) => {
      body.on("data", (chunk: Buffer) => {
        idle.refresh();
        this.#stats.lastEventAt = Date.now();
        try {
          for (const { text } of lines.push(chunk)) {
            events++;
            this.#apply(JSON.parse(text) as WatchEvent, signal);
          }
        } catch (error) {
          reject(error);
        }
      });
      body.on("end", () => resolve(events));
      body.on("error", error => reject(noAnswerFrom(error)));
      body.on("close", () => reject(KubeError.noAnswer("Network", "the watch was cut")));
    });
  }

  #apply({ type, object }: WatchEvent, signal: AbortSignal): void {
    if (type === "ERROR") throw KubeError.fromStatus(object as object);
    if (type === "DELETED") {
      const last = trimPod(object);
      this.#cache.remove(last);
      // A pod leaves the selector, or is deleted before it was scheduled, without a deletionTimestamp: the event cannot tell which.
      if (last.metadata.deletionTimestamp === undefined) this.#confirmGone(last, signal);
      else this.#listeners.tell(last.metadata.name, { gone: last, leftSelector: false });
    } else if (type !== "BOOKMARK") {
      const pod = trimPod(object);
      if (this.#cache.put(pod)) this.#listeners.tell(pod.metadata.name, { pod });
    }
    this.#resourceVersion = object.metadata.resourceVersion;
  }

  /** Asks for a pod that is out of sight, if anybody wants to know. When there is no answer, the sweep asks again. */
  #confirmGone(last: Pod, signal: AbortSignal): void {
    const { name, uid } = last.metadata;
    if (!this.#listeners.has(name)) return;
    const ask = async () => {
      const found = await this.#options.kube.getPod(this.#options.namespace, name, signal);
      const exists = found?.metadata.uid === uid;
      this.#listeners.tell(name, { gone: exists ? found : last, leftSelector: exists });
    };
    ask().catch(error => signal.aborted || this.#fail(error));
  }

  async #sweepForEver(signal: AbortSignal): Promise<void> {
    for (;;) {
      await sleepUntilAborted(this.#timing.sweepMs, signal);
      for (const name of this.#missing()) {
        try {
          const pod = await this.#options.kube.getPod(this.#options.namespace, name, signal);
          if (this.#cache.byName(name) === undefined)
            this.#listeners.tell(name, pod ? { pod } : { gone: undefined, leftSelector: false });
        } catch (error) {
          signal.throwIfAborted();
          this.#fail(error);
        }
        await sleepUntilAborted(SWEEP_PAUSE_MS, signal);
      }
    }
  }

  /** A watch that went silent was lost when it was heard last, one that was cut was heard until now. */
  #loseSight(failure: unknown): void {
    if (failure instanceof KubeError && failure.isExpired) return;
    const wasSilent = failure instanceof KubeError && failure.reason === ("Timeout" satisfies NoAnswer);
    this.sight.lost((wasSilent ? this.#stats.lastEventAt : undefined) ?? Date.now());
  }

  #missing(): string[] {
    const names = this.#listeners.namesSince(Date.now() - this.#timing.missingGraceMs);
    return names.filter(name => this.#cache.byName(name) === undefined);
  }

  #fail(error: unknown): void {
    this.#stats.errors++;
    this.#options.onError?.(error);
  }
}
