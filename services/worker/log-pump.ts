import type { Kube } from "#kube/kube.ts";
import { followLog } from "#kube/log-follower.ts";
import type { StampedLine } from "#kube/log-window.ts";
import type { LogLine } from "#logstore/log-line.ts";
import type { LogRef, LogStore } from "#logstore/log-store.ts";

export interface LogPumpOptions {
  kube: Kube;
  store: LogStore;
  ref: LogRef;
  namespace: string;
  pod: string;
  container: string;
  /** The container has ended: what the cluster gives from now on is complete. */
  isTerminated(): boolean;
}

const isStamped = (line: LogLine): line is StampedLine => line.ts !== undefined;

/** Carries one container's log into the store while the pod lives, and to its last line when it has ended. */
export class LogPump {
  readonly #options: LogPumpOptions;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(options: LogPumpOptions) {
    this.#options = options;
    this.#done = this.#run();
    this.#done.catch(() => undefined); // reported by whoever drains or leaves
  }

  async #run(): Promise<void> {
    const { kube, store, ref, namespace, pod, container, isTerminated } = this.#options;
    const writer = await store.openWriter(ref);
    const { signal } = this.#stop;
    try {
      await followLog({
        kube,
        namespace,
        pod,
        container,
        isTerminated,
        signal,
        from: writer.lastLines.filter(isStamped),
        onLine: line => (writer.write(line) ? undefined : writer.flush()),
      });
    } catch (error) {
      // A log that is left in the middle stays open: the next worker goes on with it.
      await writer.leave();
      if (signal.aborted) return;
      throw error;
    }
    await writer.close();
  }

  /** The container has ended: resolves when its log is whole in the store, or after the follower's drain budget of a minute. */
  async drain(): Promise<void> {
    await this.#done;
  }

  /** Stops where it is. */
  async leave(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }
}
