import type { Kube } from "./kube.ts";
import { KubeError } from "./kube-error.ts";
import { type LinePiece, LineSplitter } from "./line-splitter.ts";
import { LogWindow, Replay, type StampedLine } from "./log-window.ts";
import { sleepUntilAborted } from "./retry-budget.ts";

export interface LogLine {
  text: string;
  /** When the container wrote it, RFC 3339 with up to nine digits of fraction. Absent on continuations and on others' words. */
  ts?: string;
  /** The text goes on where the last one ended: a line longer than 256 KiB comes in pieces. */
  cont?: true;
  /** The next one goes on with this line. */
  more?: true;
  /** Not the container's words: the kubelet's error text, or a note of Windlass' about a gap or a restart. */
  by?: "kubelet" | "windlass";
}

/** complete: every line the node still had · gone: the pod was deleted first · truncated: the end could not be read in time. */
export type LogEnd = "complete" | "gone" | "truncated";

export interface FollowOptions {
  kube: Kube;
  namespace: string;
  pod: string;
  container: string;
  /** Whether the container has ended for good, from the watch: asked often, so it must be cheap. */
  isTerminated(): boolean;
  /** How often the container was restarted, from the watch. Default: never. */
  restarts?(): number;
  /** Lines in order. A promise holds the log back until it settles; a rejection ends the follow with its error. */
  onLine(line: LogLine): void | Promise<void>;
  signal: AbortSignal;
  /** The stored lines of the last three seconds, whole: an earlier follower's work is taken up without loss or repetition. */
  from?: Iterable<StampedLine> | AsyncIterable<StampedLine>;
  timing?: Partial<FollowTiming>;
}

export interface FollowTiming {
  /** A silent follow is opened anew after this time. Default 120 s. */
  idleMs: number;
  /** Pause between two reads. Default 1 s; ends at once when the container does. */
  retryMs: number;
  /** Pause between two reads while there is no stream to follow with, or nothing new. Default 5 s. */
  pollMs: number;
  /** How long the watch may be behind the log with a restart. Default 3 s. */
  restartMs: number;
  /** How long the last read may take after the container has ended, while nothing comes. Default 60 s. */
  drainMs: number;
}

const TIMING: FollowTiming = { idleMs: 120_000, retryMs: 1_000, pollMs: 5_000, restartMs: 3_000, drainMs: 60_000 };
const MAX_LINE_BYTES = 256 * 1024;
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))(?: |$)/;
/** Where the stamp ends that container runtimes write: nine digits of fraction, UTC. */
const USUAL_STAMP_END = 30;
/** Answers of 200 with an error for a text. The log was not read. */
const KUBELET_ERROR = /^(failed to create fsnotify watcher|unable to retrieve container logs|failed to try resolving symlinks)/;
/** The node has no inotify instances left: after this many refusals the log is read from time to time instead. */
const MAX_WATCHER_FAILURES = 3;
const IS_TERMINATED_EVERY_MS = 50;
const PREVIOUS_TRIES = 3;
const AFTER_CUT_MS = 100;
const GAP = "log gap: the file was rotated on the node while the connection was away";
const GAP_AT_END = "log gap: the file was rotated on the node before its end was read; lines may be missing here";

/**
 * Delivers a container's log from its first line (or from where `from` ends) until its container has ended and the last
 * line was read: across cuts, restarts of the container and of the API server, idle limits and silence. Every line once.
 * @throws the signal's reason, and what `onLine` throws
 */
export async function followLog(options: FollowOptions): Promise<LogEnd> {
  const { kube, signal, isTerminated } = options;
  const timing = { ...TIMING, ...options.timing };
  const follower = new LogFollower(options, timing);
  await follower.takeUp(options.from ?? []);
  let drainUntil: number | undefined;
  for (;;) {
    signal.throwIfAborted();
    // What was true before the read decides: only a read begun after the end has the whole log.
    const terminated = isTerminated();
    if (follower.wasRestarted) await follower.crossRestart();
    if (terminated) drainUntil ??= Date.now() + timing.drainMs;
    const follow = !terminated && kube.canFollow && follower.watcherFailures < MAX_WATCHER_FAILURES;
    const linesBefore = follower.delivered;
    const read = await follower.read({ follow }, drainUntil);
    if (read === "gone") return "gone";
    if (read === "whole" && terminated) return "complete";
    const isNews = follower.delivered > linesBefore;
    // A log that still comes is not late, however long it is.
    if (drainUntil !== undefined && isNews) drainUntil = Date.now() + timing.drainMs;
    if (drainUntil !== undefined && Date.now() >= drainUntil) return "truncated";
    const pauseMs = pauseAfter(read, { isNews, follow, terminated }, timing);
    await pause(pauseMs, terminated ? undefined : () => isTerminated() || follower.wasRestarted, signal);
  }
}

/** A wire that was cut while it worked is put together again at once; one that brings nothing is not asked more often for it. */
function pauseAfter(
  read: ReadEnd,
  seen: { isNews: boolean; follow: boolean; terminated: boolean },
  timing: FollowTiming,
): number {
  if (read === "part" && seen.isNews) return Math.min(timing.retryMs, AFTER_CUT_MS);
  return seen.terminated || (seen.follow && (seen.isNews || read === "part")) ? timing.retryMs : timing.pollMs;
}

/** How one read went: "whole" when the answer came to its proper end, "part" when something is missing, "gone" without a pod. */
type ReadEnd = "whole" | "part" | "gone";

class LogFollower {
  readonly #options: FollowOptions;
  readonly #timing: FollowTiming;
  readonly #window = new LogWindow();
  /** Lines of the container given on so far. */
  delivered = 0;
  watcherFailures = 0;
  #lastKubeletText: string | undefined;
  #isNewFile = false;
  #restartsSeen: number;

  constructor(options: FollowOptions, timing: FollowTiming) {
    this.#options = options;
    this.#timing = timing;
    this.#restartsSeen = this.#restarts();
  }

  /** The watch has told of a restart that this follower has not crossed. */
  get wasRestarted(): boolean {
    return this.#restarts() > this.#restartsSeen;
  }

  #restarts(): number {
    return this.#options.restarts?.() ?? 0;
  }

  async takeUp(lines: Iterable<StampedLine> | AsyncIterable<StampedLine>): Promise<void> {
    for await (const { ts, text } of lines) {
      const line = `${ts} ${text}`;
      if (line.length * 3 <= MAX_LINE_BYTES) {
        this.#window.add(line);
        continue;
      }
      const pieces = new LineSplitter(MAX_LINE_BYTES).push(Buffer.from(`${line}\n`));
      this.#window.add(pieces[0]!.text, undefined, pieces.length);
    }
  }

  /** Reads what the instance before the last restart left behind, and says where the new one begins. */
  async crossRestart(): Promise<void> {
    const restarts = this.#restarts();
    const missed = restarts - this.#restartsSeen;
    this.#restartsSeen = restarts;
    for (let tried = 1; tried <= PREVIOUS_TRIES; tried++) {
      const read = await this.read({ follow: false, previous: true }, Date.now() + this.#timing.drainMs);
      if (read !== "part" || tried === PREVIOUS_TRIES) break;
      await pause(this.#timing.retryMs, undefined, this.#options.signal);
    }
    const lost = missed > 1 ? `; the log of ${missed - 1} earlier restart${missed > 2 ? "s" : ""} was not seen` : "";
    await this.#options.onLine({ text: `container restarted (${restarts})${lost}`, by: "windlass" });
    this.#isNewFile = true;
  }

  async read(how: { follow: boolean; previous?: true }, until: number | undefined): Promise<ReadEnd> {
    const { kube, namespace, pod, container, signal } = this.#options;
    const abort = new AbortController();
    const stop = () => abort.abort(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    const silent = () => abort.abort(KubeError.noAnswer("Timeout", "the log was silent"));
    const idleMs = until === undefined ? this.#timing.idleMs : Math.max(until - Date.now(), 0);
    const idle = setTimeout(silent, idleMs);
    try {
      const body = await kube.readLog(namespace, pod, { container, ...how, sinceTime: this.#window.since }, abort);
      return (await this.#deliver(body, idle, how.follow)) ? "whole" : "part";
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof KubeError)) throw error;
      return error.isGone ? "gone" : "part";
    } finally {
      clearTimeout(idle);
      signal.removeEventListener("abort", stop);
      abort.abort();
    }
  }

  async #deliver(body: AsyncIterable<Buffer>, idle: NodeJS.Timeout, follow: boolean): Promise<boolean> {
    const splitter = new LineSplitter(MAX_LINE_BYTES);
    const reading = { replay: new Replay(this.#window, !this.#isNewFile), whole: true };
    this.#isNewFile = false;
    for await (const chunk of body) {
      for (const piece of splitter.push(chunk)) {
        const busy = this.#onPiece(piece, reading);
        if (busy === undefined) continue;
        await busy;
        // A slow listener is not a silent server.
        idle.refresh();
      }
      idle.refresh();
    }
    const rest = splitter.rest();
    // Half a line at the end of a follow is not delivered: the next read brings it whole.
    if (rest !== undefined && !follow) await this.#onPiece(rest, reading);
    if (!follow && reading.whole && reading.replay.sawNothing) {
      await this.#options.onLine({ text: GAP_AT_END, by: "windlass" });
      this.#isNewFile = true;
    }
    return reading.whole;
  }

  /** Sets `whole` to false when the piece says that the log could not be read. Without a promise: half a million times a second. */
  #onPiece({ text, cont, more }: LinePiece, reading: { replay: Replay; whole: boolean }): void | Promise<void> {
    const { onLine } = this.#options;
    if (cont) return reading.replay.isNewPiece() ? onLine({ text, cont: true, ...(more && { more }) }) : undefined;
    const stampEnd = endOfStamp(text);
    if (stampEnd === 0) return this.#onKubeletText(text, reading);
    const judged = reading.replay.judge(text);
    if (judged === "repetition") return undefined;
    this.delivered++;
    this.#lastKubeletText = undefined;
    const line: LogLine = { ts: text.slice(0, stampEnd), text: text.slice(stampEnd + 1) };
    if (more) line.more = true;
    return judged === "after a gap" ? this.#afterGap(line, () => reading.replay.take(text)) : onLine(line);
  }

  /** Another instance's file begins with new lines, too, and the watch may tell of the restart later than the log. */
  async #afterGap(line: LogLine, take: () => void): Promise<void> {
    const { onLine, restarts, signal } = this.#options;
    if (restarts !== undefined) await pause(this.#timing.restartMs, () => this.wasRestarted, signal);
    if (this.wasRestarted) {
      await this.crossRestart();
      // The file that is being read is the new one already.
      this.#isNewFile = false;
    } else await onLine({ text: GAP, by: "windlass" });
    take();
    await onLine(line);
  }

  #onKubeletText(text: string, reading: { whole: boolean }): void | Promise<void> {
    if (text.startsWith("failed to create fsnotify watcher")) this.watcherFailures++;
    if (KUBELET_ERROR.test(text)) reading.whole = false;
    // The same refusal every second is news only once.
    if (text === this.#lastKubeletText) return undefined;
    this.#lastKubeletText = text;
    return this.#options.onLine({ text, by: "kubelet" });
  }
}

/** Where the text behind the stamp's space begins, less one; 0 without a stamp: then these are not the container's words. */
function endOfStamp(line: string): number {
  const isUsual =
    line.charCodeAt(USUAL_STAMP_END - 1) === 0x5a &&
    line.charCodeAt(10) === 0x54 &&
    line.charCodeAt(19) === 0x2e &&
    line.charCodeAt(4) === 0x2d;
  if (isUsual && (line.length === USUAL_STAMP_END || line.charCodeAt(USUAL_STAMP_END) === 0x20)) return USUAL_STAMP_END;
  return STAMP.exec(line)?.[1]?.length ?? 0;
}

async function pause(ms: number, endsWhen: (() => boolean) | undefined, signal: AbortSignal): Promise<void> {
  const endAt = Date.now() + ms;
  for (let left = ms; left > 0 && !endsWhen?.(); left = endAt - Date.now()) {
    await sleepUntilAborted(endsWhen === undefined ? left : Math.min(left, IS_TERMINATED_EVERY_MS), signal);
  }
}
