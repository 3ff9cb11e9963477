import { explain } from "#core/failure.ts";
import type { Outcome } from "#core/outcome.ts";
import type { Kube } from "#kube/kube.ts";
import { containerStatus, isSidecar, MAIN_CONTAINER, type Pod, podRef } from "#kube/pod.ts";
import { keepsLogOf } from "#kube/pod-notes.ts";
import type { LogLine } from "#logstore/log-line.ts";
import type { LogRef, LogStore } from "#logstore/log-store.ts";
import { LogPump } from "./log-pump.ts";
import { eventLine, isTelling } from "./pod-event-line.ts";
import type { TryRun } from "./run-job.ts";

export interface PodLogsOptions {
  kube: Kube;
  /** Absent: logs are not kept here. */
  store: LogStore | undefined;
  tryRun: Pick<TryRun, "runId" | "try" | "infra"> & { task: { id: string } };
  pod: Pod;
  /** Containers whose logs are whole in the store already. */
  stored?: ReadonlySet<string>;
  onError(error: unknown): void;
}

/** What a container that was deleted with its pod may still say: a grace of half a minute, and some time to read it. */
const LAST_WORDS_MS = 60_000;

/**
 * The logs of a try's pod: one pump per container (init, main, sidecars) from the moment it has run, all at once. What others have
 * to say about the try stands between the lines of the main container's log: it is the first place where people look.
 */
export class PodLogs {
  readonly #options: PodLogsOptions;
  readonly #pumps = new Map<string, LogPump>();
  readonly #names: readonly string[];
  readonly #told = new Set<string>();
  #pod: Pod;
  /** No container will be started again. */
  #isOver = false;
  /** Marks are written one after the other, and before the pump begins. */
  #marking: Promise<void> = Promise.resolve();

  constructor(options: PodLogsOptions) {
    const { store, pod, stored } = options;
    this.#options = options;
    this.#pod = pod;
    const all = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(({ name }) => name);
    const isWanted = keepsLogOf(pod);
    this.#names = store === undefined ? [] : all.filter(name => isWanted(name) && !stored?.has(name));
  }

  /** Starts the pumps of containers that run, or have run. */
  see(pod: Pod): void {
    this.#pod = pod;
    for (const name of this.#names) if (!this.#pumps.has(name) && hasRun(pod, name)) this.#start(name);
  }

  /** Puts a marked line into the main container's log; the same one only once. */
  say(line: LogLine): void {
    const { store, onError } = this.#options;
    if (store === undefined || !this.#names.includes(MAIN_CONTAINER) || this.#told.has(withoutInstant(line))) return;
    this.#told.add(withoutInstant(line));
    const pump = this.#pumps.get(MAIN_CONTAINER);
    if (pump !== undefined) return pump.say(line);
    this.#marking = this.#marking.then(() => this.#mark(store, [line], "leave")).catch(onError);
  }

  /**
   * Resolves when the logs of all containers that have ended are whole in the store. A try that did not succeed has the reason at
   * the end of its main container's log.
   */
  async drain(outcome: Outcome): Promise<void> {
    this.#isOver = true;
    this.see(this.#pod);
    const others = [...this.#pumps].filter(([name]) => name !== MAIN_CONTAINER && this.#isTerminated(name));
    await Promise.all([this.#drainMain(outcome), ...others.map(([, pump]) => pump.drain())]);
  }

  async #drainMain(outcome: Outcome): Promise<void> {
    const { store } = this.#options;
    if (store === undefined || !this.#names.includes(MAIN_CONTAINER)) return;
    const pump = this.#pumps.get(MAIN_CONTAINER);
    if (pump === undefined && outcome.result === "success") return;
    const epilogue = [...(await this.#events(outcome)), ...reasonLines(outcome, this.#pod)];
    if (pump === undefined) {
      await this.#marking;
      return this.#mark(store, epilogue, "close");
    }
    // Its node may never say how it ended: what there is to read is there.
    if (this.#isTerminated(MAIN_CONTAINER)) await pump.drain(epilogue);
    else await this.#conclude(MAIN_CONTAINER, pump, epilogue);
  }

  /**
   * Ends the logs of containers that outlived the main one.
   * @param deleted the pod was asked to go: they are followed to their last words
   */
  async conclude({ deleted }: { deleted: boolean }): Promise<void> {
    const running = [...this.#pumps].filter(([name]) => name !== MAIN_CONTAINER && !this.#isTerminated(name));
    await Promise.all(
      running.map(async ([name, pump]) => {
        if (deleted && (await isInTime(pump.drain(), LAST_WORDS_MS))) return;
        await this.#conclude(name, pump);
      }),
    );
  }

  /** Stops where it is, for the next worker to go on. */
  async leave(): Promise<void> {
    await Promise.all([this.#marking, ...[...this.#pumps.values()].map(pump => pump.leave())]);
  }

  #start(name: string): void {
    this.#pumps.set(
      name,
      this.#pump(name, () => this.#isTerminated(name), name === MAIN_CONTAINER ? this.#marking : undefined),
    );
  }

  #pump(name: string, isTerminated: () => boolean, after?: Promise<void>): LogPump {
    const { kube, store, pod, onError } = this.#options;
    const { namespace, name: podName } = pod.metadata;
    const restarts = () => containerStatus(this.#pod, name)?.restartCount ?? 0;
    const of = { ref: this.#ref(name), namespace, pod: podName, container: name };
    const hasEpilogue = name === MAIN_CONTAINER;
    return new LogPump({ kube, store: store!, ...of, isTerminated, restarts, hasEpilogue, onError }, after);
  }

  /** Stops following; what can be read now is the whole log. */
  async #conclude(name: string, pump: LogPump, epilogue: readonly LogLine[] = []): Promise<void> {
    await pump.leave();
    await this.#pump(name, () => true).drain(epilogue);
  }

  #isTerminated(name: string): boolean {
    if (containerStatus(this.#pod, name)?.state?.terminated === undefined) return false;
    return this.#isOver || !isSidecar(this.#pod, name);
  }

  /** The cluster's events, where they can explain more than the exit of a program. */
  async #events(outcome: Outcome): Promise<LogLine[]> {
    const { kube, onError, pod } = this.#options;
    if (outcome.result !== "failed" || (outcome.blame === "user" && this.#pumps.has(MAIN_CONTAINER))) return [];
    try {
      const events = await kube.listEvents(pod.metadata.namespace, pod.metadata.name);
      return events
        .filter(isTelling)
        .map(eventLine)
        .filter(line => !this.#told.has(withoutInstant(line)));
    } catch (error) {
      onError(error);
      return [];
    }
  }

  async #mark(store: LogStore, lines: readonly LogLine[], then: "leave" | "close"): Promise<void> {
    const writer = await store.openWriter(this.#ref(MAIN_CONTAINER));
    for (const line of lines) writer.write(line);
    await writer[then]();
  }

  #ref(container: string): LogRef {
    const { runId, task, try: tryNumber, infra } = this.#options.tryRun;
    return { runId, taskId: task.id, try: tryNumber, infra, container };
  }
}

/** A process was there. The start of a container that could not be started is the epoch. */
function hasRun(pod: Pod, name: string): boolean {
  const { state, lastState } = containerStatus(pod, name) ?? {};
  const startedAt = state?.running?.startedAt ?? state?.terminated?.startedAt ?? lastState?.terminated?.startedAt;
  return state?.running !== undefined || Date.parse(startedAt ?? "") > 0;
}

/** An event that comes again has a new instant and says nothing new. */
const withoutInstant = ({ text }: LogLine): string => text.replace(/^\d{4}-\S+Z /, "");

const reasonLines = (outcome: Outcome, pod: Pod): LogLine[] =>
  outcome.result === "success" ? [] : explain(outcome, podRef(pod)).map(text => ({ text, by: "windlass" }));

/** Whether the promise was fulfilled within the time. */
async function isInTime(promise: Promise<void>, ms: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ms);
  const isDone = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return isDone;
}
