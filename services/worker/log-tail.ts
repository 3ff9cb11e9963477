import type { Outcome } from "#core/outcome.ts";
import type { Observation } from "#kube/classify.ts";
import type { Kube } from "#kube/kube.ts";
import { MAIN_CONTAINER, type Pod } from "#kube/pod.ts";
import type { LogRef, LogStore } from "#logstore/log-store.ts";
import { LogPump } from "./log-pump.ts";
import type { TryRun } from "./run-job.ts";

export interface LogTailOptions {
  kube: Kube;
  /** Absent: logs are not kept here. */
  store: LogStore | undefined;
  tryRun: Pick<TryRun, "runId" | "try" | "infra"> & { task: { id: string } };
  pod: Pod;
}

/** The log of a try's main container: pumped into the store from the moment there is one, and made whole at the end. */
export class LogTail {
  readonly #options: LogTailOptions;
  #pump: LogPump | undefined;
  #ended = false;

  constructor(options: LogTailOptions) {
    this.#options = options;
  }

  /** Starts the pump once the container runs. */
  see(seen: Observation): void {
    this.#ended = seen.endedAt !== undefined || seen.state === "ended";
    if (seen.state === "running") this.#start();
  }

  /**
   * Resolves when the whole log is stored. A try that never had a process gets the reason as its log: it is the first place
   * where people look.
   */
  async finish(outcome: Outcome, last: Observation): Promise<void> {
    const { store } = this.#options;
    if (store === undefined) return;
    // The start of a container that could not be started is the epoch.
    const ran = this.#pump !== undefined || (last.startedAt ?? 0) > 0;
    if (ran) {
      this.#ended = true;
      this.#start();
      await this.#pump?.drain();
    }
    if (ran && outcome.result === "success") return;
    const writer = await store.openWriter(this.#ref());
    writer.write({ text: `windlass: ${outcome.code}${outcome.message ? `: ${outcome.message}` : ""}` });
    await writer.close();
  }

  /** Stops where it is, for the next worker to go on. */
  async leave(): Promise<void> {
    await this.#pump?.leave();
  }

  #start(): void {
    const { kube, store, pod } = this.#options;
    if (store === undefined || this.#pump) return;
    const { namespace, name } = pod.metadata;
    this.#pump = new LogPump({
      kube,
      store,
      ref: this.#ref(),
      namespace,
      pod: name,
      container: MAIN_CONTAINER,
      isTerminated: () => this.#ended,
    });
  }

  #ref(): LogRef {
    const { runId, task, try: tryNumber, infra } = this.#options.tryRun;
    return { runId, taskId: task.id, try: tryNumber, infra, container: MAIN_CONTAINER };
  }
}
