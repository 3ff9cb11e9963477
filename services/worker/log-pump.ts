import { setTimeout as sleep } from "node:timers/promises";
import type { Kube } from "#kube/kube.ts";
import { followLog } from "#kube/log-follower.ts";
import type { StampedLine } from "#kube/log-window.ts";
import type { LogLine } from "#logstore/log-line.ts";
import type { LogRef, LogStore, LogWriter } from "#logstore/log-store.ts";

export interface LogPumpOptions {
  kube: Kube;
  store: LogStore;
  ref: LogRef;
  namespace: string;
  pod: string;
  container: string;
  /** The container has ended for good: what the cluster gives from now on is complete. */
  isTerminated(): boolean;
  /** How often the container was restarted. */
  restarts(): number;
  /** true: the log is not ended before {@link LogPump.drain} has said what comes last. */
  hasEpilogue?: boolean;
  /** Hears of trouble with the store; the pump goes on when it is over. */
  onError(error: unknown): void;
}

/** The store is tried again after this, then after twice as long, … */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Of a container that has ended the log is given up after so many failures in a row, about a minute: the janitor comes back to it. */
const LAST_TRIES = 6;

/** Carries one container's log into the store while the pod lives, and to its last line when it has ended. */
export class LogPump {
  readonly #options: LogPumpOptions;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;
  #writer: LogWriter | undefined;
  /** The line being written has no end yet: nobody may cut in. */
  #isMidLine = false;
  #said: LogLine[] = [];
  readonly #epilogue = Promise.withResolvers<readonly LogLine[]>();

  /** @param after the pump waits for it before it opens the log */
  constructor(options: LogPumpOptions, after: Promise<void> = Promise.resolve()) {
    this.#options = options;
    this.#done = after.then(() => this.#run());
    this.#done.catch(() => undefined); // reported by whoever drains or leaves
  }

  /** Puts a marked line between the container's. */
  say(line: LogLine): void {
    this.#said.push(line);
    if (this.#writer !== undefined && !this.#isMidLine) this.#writeSaid(this.#writer);
  }

  /**
   * The container has ended: resolves when its log is whole in the store, or after the follower's drain budget of a minute.
   * @param epilogue marked lines behind the container's last one, for a pump that waits for them
   */
  async drain(epilogue: readonly LogLine[] = []): Promise<void> {
    this.#epilogue.resolve(epilogue);
    await this.#done;
  }

  /** Stops where it is. */
  async leave(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { onError, isTerminated } = this.#options;
    const { signal } = this.#stop;
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        return await this.#carry();
      } catch (error) {
        if (signal.aborted) return;
        if (isTerminated() && failures >= LAST_TRIES) throw error;
        onError(error);
      }
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
      // An abort ends the pause, and with it the loop.
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /**
   * From where the store ends to the end of the log. A log that is left in the middle stays open for whoever goes on with it. One that
   * somebody else opened meanwhile is opened again: a worker that lost the try is told to stop, so whoever is not has to go on.
   */
  async #carry(): Promise<void> {
    const { kube, store, ref, namespace, pod, container, isTerminated, restarts } = this.#options;
    const writer = await store.openWriter(ref);
    const signal = AbortSignal.any([this.#stop.signal, writer.superseded]);
    this.#isMidLine = false;
    this.#writer = writer;
    try {
      await followLog({
        kube,
        namespace,
        pod,
        container,
        isTerminated,
        restarts,
        signal,
        from: stamped(writer.lastLines),
        onLine: line => this.#take(writer, line),
      });
      this.#writeSaid(writer);
      await writer.flush();
      for (const line of await this.#lastLines()) writer.write(line);
      await writer.close();
      writer.superseded.throwIfAborted();
    } catch (error) {
      // The error that led here says more than one that follows from it.
      await writer.leave().catch(() => undefined);
      throw error;
    } finally {
      this.#writer = undefined;
    }
  }

  async #lastLines(): Promise<readonly LogLine[]> {
    if (!this.#options.hasEpilogue) return [];
    const { signal } = this.#stop;
    const stopped = Promise.withResolvers<never>();
    const stop = () => stopped.reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      if (signal.aborted) stop();
      return await Promise.race([this.#epilogue.promise, stopped.promise]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  #take(writer: LogWriter, line: LogLine): Promise<void> | undefined {
    this.#isMidLine = line.more === true;
    let hasRoom = writer.write(line);
    if (this.#said.length > 0 && !this.#isMidLine) hasRoom = this.#writeSaid(writer);
    return hasRoom ? undefined : writer.flush();
  }

  #writeSaid(writer: LogWriter): boolean {
    const said = this.#said;
    this.#said = [];
    return said.map(line => writer.write(line)).every(hasRoom => hasRoom);
  }
}

async function* stamped(lines: AsyncIterable<LogLine>): AsyncGenerator<StampedLine, void, undefined> {
  for await (const { ts, text } of lines) if (ts !== undefined) yield { ts, text };
}
