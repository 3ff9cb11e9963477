const STUCK_MS = 120_000;

export interface WorkerPulseDeps {
  /** Whether the worker could hold another job. */
  hasRoom(): boolean;
  /** Whether jobs wait and the queue gives them out. */
  hasWork(): Promise<boolean>;
  /** Monotonic clock in ms. Default: performance.now. */
  now?: () => number;
}

/** Notices a worker that looks alive and takes no jobs. BullMQ's own isRunning() stays true in that case. */
export class WorkerPulse {
  readonly #deps: WorkerPulseDeps;
  readonly #now: () => number;
  #taken = 0;
  #takenBefore = 0;
  #idleSince: number | undefined;

  constructor(deps: WorkerPulseDeps) {
    this.#deps = deps;
    this.#now = deps.now ?? (() => performance.now());
  }

  /** The worker took a job. */
  beat(): void {
    this.#taken++;
  }

  /** false: at every look of two minutes work and room were there, and no job was taken. */
  async isHealthy(): Promise<boolean> {
    const moved = this.#taken !== this.#takenBefore;
    this.#takenBefore = this.#taken;
    if (moved || !this.#deps.hasRoom() || !(await this.#deps.hasWork())) {
      this.#idleSince = undefined;
      return true;
    }
    this.#idleSince ??= this.#now();
    return this.#now() - this.#idleSince < STUCK_MS;
  }
}
