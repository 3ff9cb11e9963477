import type { ClaimStore } from "#state/claim-store.ts";
import type { DrainWatch } from "./drain-watch.ts";
import type { TaskWorkers } from "./task-workers.ts";

export interface HeartbeatOptions {
  claims: Pick<ClaimStore, "heartbeat" | "leave">;
  worker: Pick<TaskWorkers, "load">;
  id: string;
  host: string;
  drains: Pick<DrainWatch, "look">;
  now(): number;
  onError(error: unknown): void;
}

const EVERY_MS = 5_000;
const TTL_MS = 15_000;

/** Shows the worker to the dashboard for as long as it lives, and a little longer. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #startedAt: number;
  #timer: NodeJS.Timeout | undefined;
  #state: "running" | "draining" = "running";

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#startedAt = options.now();
  }

  start(): void {
    this.#beat();
    this.#timer = setInterval(() => this.#beat(), EVERY_MS);
  }

  draining(): void {
    this.#state = "draining";
    this.#beat();
  }

  /** Stops showing it at once. */
  async stop(): Promise<void> {
    const { claims, id, onError } = this.#options;
    clearInterval(this.#timer);
    await claims.leave(id).catch(onError);
  }

  #beat(): void {
    void this.#send();
  }

  async #send(): Promise<void> {
    const { claims, drains, worker, id, host, now, onError } = this.#options;
    const queues = worker.load();
    const [concurrency, held] = [sum(queues, queue => queue.concurrency), sum(queues, queue => queue.held)];
    const row = { id, host, startedAt: this.#startedAt, at: now(), concurrency, held, queues, state: this.#state };
    try {
      await claims.heartbeat(row, TTL_MS);
      if (this.#state === "running" && (await drains.look(this.#startedAt))) this.draining();
    } catch (error) {
      onError(error);
    }
  }
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((total, item) => total + of(item), 0);
