import type { Kube } from "./kube.ts";
import { KubeError } from "./kube-error.ts";
import { type LinePiece, LineSplitter } from "./line-splitter.ts";
import { LogWindow, Replay, type StampedLine } from "./log-window.ts";
import { sleepUntilAborted } from "./retry-budget.ts";

export interface LogLine {
  text: string;
  /** When the container wrote it, RFC 3339 with up to nine digits of fraction. Absent on continuations and on the kubelet's words. */
  ts?: string;
  /** The text goes on where the last one ended: a line longer than 256 KiB comes in pieces. */
  cont?: true;
  /** Not from the container: the kubelet's error text, or a note about a gap. */
  kubelet?: true;
}

/** complete: every line the node still had · gone: the pod was deleted first · truncated: the end could not be read in time. */
export type LogEnd = "complete" | "gone" | "truncated";

export interface FollowOptions {
  kube: Kube;
  namespace: string;
  pod: string;
  container: string;
  /** Whether the container has ended, from the watch: asked often, so it must be cheap. */
  isTerminated(): boolean;
  /** Lines in order. A promise holds the log back until it settles; a rejection ends the follow with its error. */
  onLine(line: LogLine): void | Promise<void>;
  signal: AbortSignal;
  /** The stored lines of the last two seconds: an earlier follower's work is taken up without loss or repetition. */
  from?: readonly StampedLine[];
  timing?: Partial<FollowTiming>;
}

export interface FollowTiming {
  /** A silent follow is opened anew after this time. Default 120 s. */
  idleMs: number;
  /** Pause between two reads. Default 1 s; ends at once when the container does. */
  retryMs: number;
  /** Pause between two reads while there is no stream to follow with. Default 5 s. */
  pollMs: number;
  /** How long the last read may take after the container has ended. Default 60 s. */
  drainMs: number;
}

const TIMING: FollowTiming = { idleMs: 120_000, retryMs: 1_000, pollMs: 5_000, drainMs: 60_000 };
const MAX_LINE_BYTES = 256 * 1024;
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) ?/;
/** Answers of 200 with an error for a text. The log was not read. */
const KUBELET_ERROR = /^(failed to create fsnotify watcher|unable to retrieve container logs|failed to try resolving symlinks)/;
/** The node has no inotify instances left: after this many refusals the log is read from time to time instead. */
const MAX_WATCHER_FAILURES = 3;
const IS_TERMINATED_EVERY_MS = 50;
const GAP = "--- log gap: rotated while disconnected ---";

/**
 * Delivers a container's log from its first line (or from where `from` ends) until its container has ended and the last
 * line was read: across cuts, restarts of the API server, idle limits and silence. Every line once.
 * @throws the signal's reason, and what `onLine` throws
 */
export async function followLog(options: FollowOptions): Promise<LogEnd> {
  const { kube, signal, isTerminated } = options;
  const timing = { ...TIMING, ...options.timing };
  const follower = new LogFollower(options, timing);
  let drainUntil: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    // What was true before the read decides: only a read begun after the end has the whole log.
    const terminated = isTerminated();
    if (terminated) drainUntil ??= Date.now() + timing.drainMs;
    const follow = !terminated && kube.canFollow && follower.watcherFailures < MAX_WATCHER_FAILURES;
    const read = await follower.read(follow, drainUntil);
    if (read === "gone") return "gone";
    if (read === "whole" && terminated) return "complete";
    if (drainUntil !== undefined && Date.now() >= drainUntil) return "truncated";
    const pauseMs = follow || terminated ? timing.retryMs : timing.pollMs;
    await pause(pauseMs, terminated ? undefined : isTerminated, signal);
  }
}

class LogFollower {
  readonly #options: FollowOptions;
  readonly #timing: FollowTiming;
  readonly #window: LogWindow;
  watcherFailures = 0;
  #lastKubeletText: string | undefined;

  constructor(options: FollowOptions, timing: FollowTiming) {
    this.#options = options;
    this.#timing = timing;
    this.#window = new LogWindow(options.from);
  }

  /** @returns "whole" when the answer came to its proper end, "part" when something is missing, "gone" without a pod */
  async read(follow: boolean, until: number | undefined): Promise<"whole" | "part" | "gone"> {
    const { kube, namespace, pod, container, signal } = this.#options;
    const abort = new AbortController();
    const stop = () => abort.abort(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    const silent = () => abort.abort(KubeError.noAnswer("Timeout", "the log was silent"));
    const idle = setTimeout(silent, this.#timing.idleMs);
    const drain = until === undefined ? undefined : setTimeout(silent, Math.max(until - Date.now(), 0));
    try {
      const query = { container, follow, sinceTime: this.#window.since };
      const body = await kube.readLog(namespace, pod, query, abort);
      return (await this.#deliver(body, idle, follow)) ? "whole" : "part";
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof KubeError)) throw error;
      return error.isGone ? "gone" : "part";
    } finally {
      clearTimeout(idle);
      clearTimeout(drain);
      signal.removeEventListener("abort", stop);
      abort.abort();
    }
  }

  async #deliver(body: AsyncIterable<Buffer>, idle: NodeJS.Timeout, follow: boolean): Promise<boolean> {
    const splitter = new LineSplitter(MAX_LINE_BYTES);
    const replay = new Replay(this.#window);
    let whole = true;
    for await (const chunk of body) {
      for (const piece of splitter.push(chunk)) {
        whole = (await this.#onPiece(piece, replay)) && whole;
        // A slow listener is not a silent server.
        idle.refresh();
      }
      idle.refresh();
    }
    const rest = splitter.rest();
    // Half a line at the end of a follow is not delivered: the next read brings it whole.
    if (rest !== undefined && !follow) whole = (await this.#onPiece(rest, replay)) && whole;
    return whole;
  }

  /** @returns false when the piece says that the log could not be read */
  async #onPiece({ text, cont }: LinePiece, replay: Replay): Promise<boolean> {
    const { onLine } = this.#options;
    if (cont) {
      if (replay.isNewPiece()) await onLine({ text, cont: true });
      return true;
    }
    const stamp = STAMP.exec(text);
    if (stamp === null) return this.#onKubeletText(text);
    const ts = stamp[1]!;
    const judged = replay.judge(ts, text);
    if (judged === "repetition") return true;
    this.#lastKubeletText = undefined;
    if (judged === "after a gap") await onLine({ text: GAP, kubelet: true });
    await onLine({ ts, text: text.slice(stamp[0].length) });
    return true;
  }

  async #onKubeletText(text: string): Promise<boolean> {
    if (text.startsWith("failed to create fsnotify watcher")) this.watcherFailures++;
    // The same refusal every second is news only once.
    if (text !== this.#lastKubeletText) await this.#options.onLine({ text, kubelet: true });
    this.#lastKubeletText = text;
    return !KUBELET_ERROR.test(text);
  }
}

async function pause(ms: number, endsWhen: (() => boolean) | undefined, signal: AbortSignal): Promise<void> {
  const endAt = Date.now() + ms;
  for (let left = ms; left > 0 && !endsWhen?.(); left = endAt - Date.now()) {
    await sleepUntilAborted(endsWhen === undefined ? left : Math.min(left, IS_TERMINATED_EVERY_MS), signal);
  }
}
