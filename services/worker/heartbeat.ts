import type { ClaimStore } from "#state/claim-store.ts";
import type { TaskWorkers } from "./task-workers.ts";

export interface HeartbeatOptions {
  claims: Pick<ClaimStore, "heartbeat">;
  worker: Pick<TaskWorkers, "load">;
  id: string;
  host: string;
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
    clearInterval(this.#timer);
    await this.#send(1);
  }

  #beat(): void {
    void this.#send(TTL_MS);
  }

  async #send(ttlMs: number): Promise<void> {
    const { claims, worker, id, host, now, onError } = this.#options;
    const queues = worker.load();
    const [concurrency, held] = [sum(queues, queue => queue.concurrency), sum(queues, queue => queue.held)];
    const row = { id, host, startedAt: this.#startedAt, at: now(), concurrency, held, queues, state: this.#state };
    await claims.heartbeat(row, ttlMs).catch(onError);
  }
}

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((total, item) => total + of(item), 0);
